/// One AI output that may need a person, as its caller sent it.
///
/// Parsed once; `content` is everything but the action, and what a revision is the hash of.
package struct Case: Sendable, Equatable {
    package let name: CaseName
    package let title: String?
    /// The title that tells nothing of the AI's answer, for blind reviews.
    package let neutralTitle: String?
    package let subject: String?
    package let output: JSON
    package let label: String?
    /// 0 to 1, or nil: a missing confidence is unknown, neither zero nor certain.
    package let confidence: Double?
    package let model: Model
    package let action: Action
    /// `action` as sent, which is no part of the content.
    package let sentAction: JSON?
    /// The case as sent, without `action`.
    package let content: JSON

    package struct Model: Sendable, Hashable {
        package let id: String
        package let version: String?

        /// `id@version`, as counters are keyed.
        package var stamp: String { version.map { "\(id)@\($0)" } ?? id }
    }

    package struct Action: Sendable, Equatable {
        package enum State: String, Sendable { case proposed, taken }
        package enum Reversal: String, Sendable { case silent, visible, none }

        package var state = State.proposed
        package var takenAt: Timestamp?
        package var reversibleUntil: Timestamp?
        package var reversal: Reversal?

        package init() {}
    }

    package var input: JSON? { content["input"] }
    package var attributes: JSON? { content["attributes"] }
    package var context: JSON? { content["context"] }

    /// Names this exact content: the SHA-256 of its canonical form (RFC 8785).
    package func revision(_ hash: Hashing) -> Digest { hash(content.canonicalBytes) }
}

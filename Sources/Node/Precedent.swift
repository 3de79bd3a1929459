import Replica
package import Review

/// A case like another that was decided here before.
package struct Precedent: Sendable {
    package let view: CaseView
    /// What this reviewer said of it.
    package let label: String
    /// The share of words that the two cases have in common, above 0 and up to 1.
    package let likeness: Double

    package var sentence: String {
        let outcome = view.outcome?.label.map { ", decided \($0)" } ?? ""
        let percent = Int((likeness * 100).rounded())
        return "\(view.name)  you: \(label)\(outcome)  \(percent) % alike  \(view.title)"
    }
}

extension Desk {
    /// How many answered cases are looked through at the most.
    private static let searched = 500

    /// Cases of the workflow that this reviewer answered, the most alike first.
    ///
    /// Likeness is Jaccard's index of the words of the inputs. Only for a case that was answered:
    /// what was said before must not lead.
    package func precedents(of name: CaseName, limit: Int = 3) throws -> [Precedent] {
        guard let subject = try replica.find(name), let view = CaseView(subject, for: reviewer),
            subject.state == .answered
        else { return [] }
        let words = Self.words(view)
        let others = try replica.cases([.answered], workflow: name.workflow, limit: Self.searched)
        let alike = others.compactMap { other -> Precedent? in
            guard let view = CaseView(other, for: reviewer), view.name != name,
                let label = other.dossier.heads(of: reviewer, on: view.record.revision)
                    .last?.value.label
            else { return nil }
            let theirs = Self.words(view)
            let common = Double(words.intersection(theirs).count)
            let likeness = common / Double(max(1, words.union(theirs).count))
            return likeness > 0 ? Precedent(view: view, label: label, likeness: likeness) : nil
        }
        let sorted = alike.sorted { ($1.likeness, $0.view.name) < ($0.likeness, $1.view.name) }
        return Array(sorted.prefix(limit))
    }

    private static func words(_ view: CaseView) -> Set<Substring> {
        let text = (view.content["input"] ?? view.content).canonical.lowercased()
        return Set(text.split { !$0.isLetter && !$0.isNumber })
    }
}

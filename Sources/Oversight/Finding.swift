import Statistics

/// What known-answer cases say of a reviewer (`statistics.md`, section 10).
package enum Attention: Sendable, Equatable {
    case careless
    case attentive
    /// Neither is shown; `missing` more planted errors, all found, are the fewest that could.
    case undetermined(missing: Int)

    /// Nothing was planted yet: 19 found of 19 is the earliest that shows attention.
    package static let unseen = Attention.undetermined(missing: 19)
}

/// Whether the oversight is real: what `oversight` reports, with its reasons.
///
/// A low override rate is right if the AI is; so only known-answer cases tell attention from
/// stamping, and without them a low rate proves nothing.
package struct Finding: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case insufficient, healthy, watch, stamping, overriding
    }

    package let kind: Kind
    /// Sentences for a person, at least one.
    package let reasons: [String]

    package init(_ rate: OverrideRate, attention: Attention) {
        let share = Self.sentence(rate)
        switch (attention, rate.band) {
        case (.careless, _):
            self.init(.stamping, "planted errors are missed too often; \(share)")
        case (.attentive, .ceremonial):
            self.init(.healthy, "\(share), and planted errors are found")
        case (.undetermined(let missing), .ceremonial):
            self.init(
                .insufficient,
                "\(share); whether that is attention or stamping is not known: at least \(missing) "
                    + "more known-answer cases are missing"
            )
        case (_, .aiNotAddingValue): self.init(.overriding, share)
        case (_, .healthy): self.init(.healthy, share)
        case (_, .watch): self.init(.watch, share)
        case (_, .notEnoughEvidence):
            let bands = rate.possibleBands.map(\.rawValue).joined(separator: ", ")
            self.init(.insufficient, "\(share); that can still be \(bands)")
        }
    }

    private init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        reasons = [reason]
    }

    private static func sentence(_ rate: OverrideRate) -> String {
        guard rate.decided > 0 else { return "nothing was decided yet" }
        return "\(rate.overridden) of \(rate.decided) overridden, which means "
            + "\(percent(rate.interval.low)) to \(percent(rate.interval.high)) %"
    }

    /// A share in percent, to a tenth: `0.0557` is `5.6`.
    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

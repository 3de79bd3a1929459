package import TestSupport

/// How often each thing goes wrong, in a thousand; a seed draws which of them exist at all.
package struct Faults: Sendable, Equatable {
    package var loseRequest = 0
    package var delayRequest = 0
    package var repeatRequest = 0
    package var loseReply = 0
    package var cutReply = 0
    package var flipBit = 0
    package var killNode = 0
    /// A node's disk is put back as it was at some earlier moment.
    package var rollBack = 0
    /// A node's disk is copied, and both go on.
    package var copy = 0
    /// The hub's disk is put back as it was, and it may know of that or not.
    package var restoreHub = 0

    package static let none = Faults()

    package init() {}

    package init(_ random: inout SplitMix64) {
        func rate(_ random: inout SplitMix64) -> Int {
            random.chance(1, in: 2) ? 0 : 20 + random.below(280)
        }
        loseRequest = rate(&random)
        delayRequest = rate(&random)
        repeatRequest = rate(&random)
        loseReply = rate(&random)
        cutReply = rate(&random)
        flipBit = rate(&random)
        killNode = rate(&random)
        rollBack = rate(&random)
        copy = rate(&random) / 2
        restoreHub = rate(&random)
    }
}

extension SplitMix64 {
    /// Whether something that goes wrong `perMille` times in a thousand does so now.
    mutating func strikes(_ perMille: Int) -> Bool {
        perMille > 0 && chance(perMille, in: 1000)
    }
}

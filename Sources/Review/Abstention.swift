/// Why a reviewer gave no answer.
package enum Abstention: String, Sendable, CaseIterable {
    /// Not me: goes to somebody else, never back to this reviewer.
    case pass
    /// Nobody could decide this. The only abstention that is an opinion.
    case unreviewable
    /// Something is missing, and the note names it.
    case needsContext = "needs-context"
    /// Goes to a senior.
    case outOfAuthority = "out-of-authority"
    /// Goes to somebody else, and is recorded.
    case conflictOfInterest = "conflict-of-interest"

    package var isOpinion: Bool { self == .unreviewable }
}

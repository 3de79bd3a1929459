/// How a command ended, for scripts: the table of both programs.
package enum ExitCode: Int32, Sendable {
    /// Everything asked for is done; for `sync`: caught up.
    case done = 0
    /// Failed, in a way none of the others says.
    case failed = 1
    /// Something is in quarantine, pending or refused; everything else went through.
    case partlyDone = 3
    /// A budget of time or bytes is used up; run again to continue.
    case budgetSpent = 4
    /// The command line cannot be meant.
    case usage = 64
    /// What was read is wrong, or was changed.
    case badInput = 65
    /// No such case, file or workflow.
    case notFound = 66
    /// The hub refused, by no fault of this node.
    case refused = 69
    /// The disk is full or not writable; nothing is lost.
    case cannotWrite = 73
    /// Offline or busy.
    case tryLater = 75
    /// This version is too old for the hub.
    case tooOld = 76
    /// Enrolment, key, role or certificate forbids it.
    case notAllowed = 77
}

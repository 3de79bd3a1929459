import Synchronization

/// What a dossier amounts to, computed when it is first asked for, and forgotten with the dossier.
///
/// A step of a case asks for it ten times, and so does a list.
final class Known: Sendable {
    private let weighing = Mutex<Weighing?>(nil)
    private let outcome = Mutex<Outcome??>(nil)

    func weighing(_ compute: () -> Weighing) -> Weighing { Self.once(weighing, compute) }
    func outcome(_ compute: () -> Outcome?) -> Outcome? { Self.once(outcome, compute) }

    /// Computed outside of the lock: of two who do it at once, both come to the same.
    private static func once<Value: Sendable>(
        _ kept: borrowing Mutex<Value?>,
        _ compute: () -> Value
    ) -> Value {
        if let value = kept.withLock({ $0 }) { return value }
        let value = compute()
        kept.withLock { $0 = value }
        return value
    }
}

/// Two of the same dossier know the same, sooner or later.
extension Known: Equatable {
    static func == (left: Known, right: Known) -> Bool { true }
}

extension Dossier {
    /// The verdicts on the current revision, sorted into what counts and what does not.
    var weighing: Weighing { known.weighing { Weighing(self) } }
}

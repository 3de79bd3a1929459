import Replica
import Sync

/// Carries out what a hub's reply says, over a connection or from a file: each effect durable before
/// the next is looked at.
struct SyncIntake {
    private let desk: Desk
    /// Whether it came in a file, made at any time before.
    private let isCarried: Bool
    /// What a hub that went back in time is to be told and given.
    var recovery: NodeRecovery
    /// What was moved so far.
    var summary = SyncSummary()
    /// Whether the hub said that it trusts this device no longer.
    private(set) var isRevoked = false
    /// Whether the present reply left more to move; nil until it is whole.
    private(set) var rest: Bool?

    init(_ desk: Desk, recovery: NodeRecovery = NodeRecovery(), isCarried: Bool = false) {
        self.desk = desk
        self.recovery = recovery
        self.isCarried = isCarried
    }

    /// Makes ready for the next reply.
    mutating func begin() { rest = nil }

    /// Carries effects out in their order; throws where one of them says that the reply failed.
    ///
    /// Pages that came together are written together: each commit costs as much as many rows.
    mutating func carryOut(_ effects: [NodeEnd.Effect]) throws {
        var pages: [(page: Page, cursor: Cursor)] = []
        for effect in effects {
            if case .apply(let page, let cursor) = effect {
                pages.append((page, cursor))
                continue
            }
            try apply(pages)
            pages = []
            try carryOut(effect)
        }
        try apply(pages)
    }

    private mutating func apply(_ pages: [(page: Page, cursor: Cursor)]) throws {
        if pages.isEmpty { return }
        try desk.replica.apply(.pages(pages), at: desk.now())
        for (page, _) in pages { summary.applied(page) }
    }

    private mutating func carryOut(_ effect: NodeEnd.Effect) throws {
        let now = desk.now()
        switch effect {
        case .send, .apply: break  // Carried out together.
        case .learned(let key): try desk.replica.apply(.learned(key: key), at: now)
        case .greeted(let greeting):
            // When a file was made says nothing about this machine's clock.
            try desk.replica.apply(
                isCarried ? .carried(greeting) : .greeted(greeting, at: now),
                at: now
            )
        case .through(let through, let hub):
            try desk.replica.apply(.through(through, hub, shown: recovery.unfulfilled), at: now)
            recovery.heard(unfulfilled: try desk.replica.unfulfilled(through, hub))
            if recovery.unfulfilled.isEmpty, try desk.openEpoch(ifWithout: through) {
                summary.newEpoch = true
            }
        case .received(let receipt, let results):
            try desk.replica.apply(.received(receipt, results), at: now)
            summary.received(results)
        case .reset(let feed, let cursor):
            try desk.replica.apply(.reset(feed: feed, cursor), at: now)
        case .revoked(let document):
            try desk.replica.apply(.revoked(document), at: now)
            isRevoked = true
        case .finished(let more):
            try desk.removeUnnamedFiles()
            rest = more
        case .failed(let error): throw error
        }
    }

    /// Counts what is left on this machine.
    mutating func takeStock() {
        guard let left = try? desk.replica.leftovers() else { return }
        summary.outbox = left.outbox
        summary.pending = left.pending
        summary.quarantined = left.quarantined
    }
}

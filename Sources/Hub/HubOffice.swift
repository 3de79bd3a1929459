package import HubStore
package import Review
package import Sync

/// A hub at work: its store, its keys, and one method for each thing it can be asked to do.
///
/// Commands and routes decode, call one of these, and print or answer. All rules are in `HubDraft`;
/// this reads what a decision needs and lets the store carry it out. Calls block.
package final class HubOffice: Sendable {
    package let store: any Store
    package let keys: HubKeys
    package let folder: HubFolder
    let now: @Sendable () -> Timestamp
    let random: Randomness
    let policies = PolicyShelf()
    let visits: VisitBook
    let checkedBlobs = CheckedBlobs()

    /// Opens the hub in a folder; with `making`, an empty folder becomes a new hub first.
    ///
    /// Without it, a hub that cannot be written can still be looked at. `opener` is for one whose
    /// records are in a database elsewhere.
    package init(
        in folder: HubFolder,
        making: Bool = false,
        opener: StoreOpener? = nil,
        now: @escaping @Sendable () -> Timestamp = systemTime,
        random: @escaping Randomness = systemRandomness
    ) throws {
        if making { try folder.checkAddress() }
        if folder.records == nil {
            guard making else {
                throw HubFailure(
                    "noHub",
                    "there is no hub in \(folder.path); nothing was changed",
                    hint: "make one: `countersign-hub serve`, or name its folder with --data",
                    kind: .notFound
                )
            }
            try Self.make(in: folder, opener, now: now, random: random)
        }
        // A folder that cannot be written can still be looked at.
        try? HubKeys.complete(in: folder)
        keys = try HubKeys(in: folder)
        store = try Self.openRecords(of: folder, opener, readingSuffices: !making)
        self.folder = folder
        visits = VisitBook(in: folder)
        self.now = now
        self.random = random
        guard store.hubID == keys.hub else { throw Self.otherKeys(folder) }
    }
}

// MARK: - Deciding

extension HubOffice {
    /// Lets `act` change a draft of what is wanted, and carries out what it wrote.
    func decide<Answer>(
        _ wanted: Wanted = Wanted(),
        _ act: (inout HubDraft) throws -> Answer
    ) throws -> Answer {
        try store.ingest(wanted) { held in
            var draft = HubDraft(
                held,
                now: now(),
                cryptography: .crypto,
                sign: keys.sign,
                random: random
            )
            let answer = try act(&draft)
            return (draft.writes, answer)
        }
    }

    /// How many cases one transaction touches at the most.
    static let chunk = 256

    /// Lets `act` change cases a chunk at a time, so that no transaction grows with the hub.
    func decide(inChunks keys: [String], _ act: (inout HubDraft, [String]) -> Void) throws {
        for start in stride(from: 0, to: keys.count, by: Self.chunk) {
            let chunk = Array(keys[start..<min(start + Self.chunk, keys.count)])
            try decide(Wanted(keys: chunk)) { draft in act(&draft, chunk) }
        }
    }

    /// Seals what was decided long enough ago; asked for every second.
    package func sweep() throws {
        try decide(inChunks: try store.cases(.settled(by: now())).map(\.key)) { draft, keys in
            draft.sweep(keys)
        }
    }
}

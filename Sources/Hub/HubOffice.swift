import Foundation
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
    /// Without it, a hub that cannot be written can still be looked at.
    package init(
        in folder: HubFolder,
        making: Bool = false,
        now: @escaping @Sendable () -> Timestamp = systemTime,
        random: @escaping Randomness = systemRandomness
    ) throws {
        if !folder.has("hub.sqlite") {
            guard making else {
                throw HubFailure(
                    "noHub",
                    "there is no hub in \(folder.path); nothing was changed",
                    hint: "make one: `countersign-hub serve`, or name its folder with --data",
                    kind: .notFound
                )
            }
            try Self.make(in: folder, now: now, random: random)
        }
        // A folder that cannot be written can still be looked at.
        try? HubKeys.complete(in: folder)
        keys = try HubKeys(in: folder)
        store = try SQLiteStore(path: folder.database, readingSuffices: !making)
        self.folder = folder
        visits = VisitBook(in: folder)
        self.now = now
        self.random = random
        guard store.hubID == keys.hub else {
            throw HubFailure(
                "otherKeys",
                "the keys in \(folder.path) are not those of its database; nothing was changed",
                hint: "put the keys back from a backup of this hub",
                kind: .badInput
            )
        }
    }

    /// Makes keys and database; processes that start at once make one hub.
    private static func make(
        in folder: HubFolder,
        now: @Sendable () -> Timestamp,
        random: @escaping Randomness
    ) throws {
        try folder.make()
        try folder.locked {
            if folder.has("hub.sqlite") { return }
            let chain = try HubKeys.make(in: folder)
            try makeDatabase(in: folder, generation: 1, now: now(), random: random) { draft in
                draft.publish(chain)
            }
        }
    }

    /// Makes the database of a hub that has its keys, under the folder's lock.
    ///
    /// It gets its name only when it holds what the hub says first.
    static func makeDatabase(
        in folder: HubFolder,
        generation: Int,
        now: Timestamp,
        random: @escaping Randomness,
        _ begin: (inout HubDraft) -> Void
    ) throws {
        let keys = try HubKeys(in: folder)
        let draft = "hub.sqlite.new"
        for name in [draft, draft + "-wal", draft + "-shm"] where folder.has(name) {
            try FileManager.default.removeItem(atPath: folder.file(name))
        }
        let name = HubName(id: keys.hub, epoch: KeyName.epoch(generation, random: random))
        try SQLiteStore(path: folder.file(draft), creating: name).ingest(Wanted()) { held in
            var draft = HubDraft(
                held,
                now: now,
                cryptography: .crypto,
                sign: keys.sign,
                random: random
            )
            begin(&draft)
            return (draft.writes, ())
        }
        // Closing the only connection has moved the log into the file.
        try FileManager.default.moveItem(atPath: folder.file(draft), toPath: folder.database)
        folder.syncNames()
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

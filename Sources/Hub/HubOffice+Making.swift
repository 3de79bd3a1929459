import Foundation
import HubStore
import Review
import Sync

extension HubOffice {
    /// Makes keys and records; processes that start at once make one hub.
    static func make(
        in folder: HubFolder,
        _ opener: StoreOpener?,
        now: @Sendable () -> Timestamp,
        random: @escaping Randomness
    ) throws {
        try folder.make()
        try folder.locked {
            if folder.records != nil { return }
            let chain = try HubKeys.make(in: folder)
            try makeRecords(in: folder, opener, generation: 1, now: now(), random: random) {
                $0.publish(chain)
            }
        }
    }

    /// Makes the records of a hub that has its keys, under the folder's lock.
    ///
    /// The folder tells of them only when they hold what the hub says first.
    static func makeRecords(
        in folder: HubFolder,
        _ opener: StoreOpener?,
        generation: Int,
        now: Timestamp,
        random: @escaping Randomness,
        _ begin: (inout HubDraft) -> Void
    ) throws {
        let keys = try HubKeys(in: folder)
        let name = HubName(id: keys.hub, epoch: KeyName.epoch(generation, random: random))
        func start(in store: any Store) throws {
            let chains = try store.entries(after: 0, kinds: [.hubKey], caseKey: nil, limit: .max)
            let chain = try chains.last.flatMap { HubChain(json: try $0.document.content()) }
            guard store.hubID == keys.hub, chain.map({ $0.key == keys.working }) ?? true else {
                throw otherKeys(folder)
            }
            try store.ingest(Wanted()) { held in
                var draft = HubDraft(
                    held,
                    now: now,
                    cryptography: .crypto,
                    sign: keys.sign,
                    random: random
                )
                // What a process that died here has begun already is not begun again.
                if held.hubSeq == 0 { begin(&draft) }
                return (draft.writes, ())
            }
        }
        if let address = folder.address {
            try start(in: open(address, .new(name), by: opener))
            try folder.remember(address: address)
            return
        }
        let draft = "hub.sqlite.new"
        for name in [draft, draft + "-wal", draft + "-shm"] where folder.has(name) {
            try FileManager.default.removeItem(atPath: folder.file(name))
        }
        try start(in: SQLiteStore(path: folder.file(draft), creating: name))
        // Closing the only connection has moved the log into the file.
        try FileManager.default.moveItem(atPath: folder.file(draft), toPath: folder.database)
        folder.syncNames()
    }

    /// Opens the records of a hub that is there, wherever they are.
    static func openRecords(
        of folder: HubFolder,
        _ opener: StoreOpener?,
        readingSuffices: Bool = false
    ) throws -> any Store {
        switch folder.records {
        case .elsewhere(let address): try open(address, .present, by: opener)
        case .file, nil: try SQLiteStore(path: folder.database, readingSuffices: readingSuffices)
        }
    }

    /// Opens records that are not in the folder, where this program can.
    static func open(
        _ address: String,
        _ beginning: StoreBeginning,
        by opener: StoreOpener?
    ) throws -> any Store {
        guard let opener else {
            throw HubFailure(
                "noPostgres",
                "this program was built without PostgreSQL; nothing was changed",
                hint: "use one that was built with it: `swift build --traits Postgres`",
                kind: .refused
            )
        }
        return try opener(address, beginning)
    }

    static func otherKeys(_ folder: HubFolder) -> HubFailure {
        HubFailure(
            "otherKeys",
            "the keys in \(folder.path) are not those of its database; nothing was changed",
            hint: "put the keys back from a backup of this hub",
            kind: .badInput
        )
    }
}

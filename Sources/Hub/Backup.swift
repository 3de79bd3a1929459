import Foundation
package import HubStore
package import Review
import Storage
package import Sync

/// The backups of a hub that are still where they were put, oldest first.
struct BackupList {
    struct Backup {
        let path: String
        let epoch: String
        let hubSeq: Int64
        /// How large its database was when it was verified last; nil where it does not verify.
        let bytes: Int64?

        /// Whether it is as it was verified, as far as can be seen at a glance.
        var isWhole: Bool { bytes != nil && bytes == Self.bytes(at: path) }

        /// How large a backup's database is, nil where there is none.
        static func bytes(at path: String) -> Int64? {
            let file = HubFolder(path: path).database
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            return (attributes?[.size] as? NSNumber)?.int64Value
        }
    }

    static let file = "backups.json"
    private(set) var backups: [Backup]

    init(in folder: HubFolder) {
        let json = folder.read(Self.file).flatMap { try? JSON(parsing: $0) }
        backups = (json?.array ?? []).compactMap { row in
            guard let path = row["path"]?.string, let epoch = row["epoch"]?.string,
                let hubSeq = row["hubSeq"]?.integer, Backup.bytes(at: path) != nil
            else { return nil }
            return Backup(path: path, epoch: epoch, hubSeq: hubSeq, bytes: row["bytes"]?.integer)
        }
    }

    mutating func add(_ backup: Backup) {
        if let place = backups.firstIndex(where: { $0.path == backup.path }) {
            backups[place] = backup
        } else {
            backups.append(backup)
        }
    }

    /// What survives the loss of the hub's disk, whichever of them is put back.
    func watermark(of epoch: String) -> Int64 {
        let whole = backups.filter(\.isWhole)
        return whole.contains { $0.epoch != epoch } ? 0 : whole.map(\.hubSeq).min() ?? 0
    }

    var bytes: [UInt8] {
        JSON.array(
            backups.map {
                [
                    "path": .string($0.path), "epoch": .string($0.epoch),
                    "hubSeq": .integer($0.hubSeq), "bytes": $0.bytes.map { .integer($0) } ?? .null,
                ]
            }
        ).canonicalBytes
    }
}

extension HubOffice {
    /// Copies the hub into a new folder while it runs, checks the copy, and raises the watermark to
    /// what the oldest backup holds that is still there.
    package func backup(to path: String) throws -> Shown {
        let copy = HubFolder(path: path)
        guard !FileManager.default.fileExists(atPath: path) else {
            throw HubFailure(
                "exists",
                "\(path) is there already; nothing was changed",
                hint: "name a folder that does not exist yet",
                kind: .badInput
            )
        }
        try copy.make()
        try folder.copyKept(to: copy)
        try store.copy(to: copy.database)
        let office = try HubOffice(in: copy)
        let damaged = try blobs.copy(to: office.blobs)
        copy.syncNames()
        let verification = try office.verify()
        guard verification.holds else {
            throw HubFailure(
                "badBackup",
                "the copy in \(path) does not verify; the hub is untouched, and the copy kept",
                hint: "find out what is wrong: `countersign-hub verify`",
                kind: .badInput
            )
        }
        let held = try office.store.read(Wanted())
        var list = BackupList(in: folder)
        let place = URL(fileURLWithPath: path).standardizedFileURL.path
        list.add(
            BackupList.Backup(
                path: place,
                epoch: held.hub.epoch,
                hubSeq: held.hubSeq,
                bytes: BackupList.Backup.bytes(at: place)
            )
        )
        try folder.write(list.bytes, to: BackupList.file)
        let watermark = list.watermark(of: held.hub.epoch)
        try decide { $0.mark(safeUpTo: watermark) }
        return Shown(
            [
                "path": .string(place), "hubSeq": .integer(held.hubSeq),
                "epoch": .string(held.hub.epoch), "watermark": .integer(watermark),
                "damaged": .strings(damaged.map(\.description)),
            ],
            damaged.map { "left out, since it is damaged: attachment \($0)" }
                + ["\(held.hubSeq) entries in \(place), verified; safe up to \(watermark)"]
        )
    }

    /// Makes a hub of a backup, in a folder that has none: it goes on in a new epoch.
    package static func restore(
        from path: String,
        to folder: HubFolder,
        opener: StoreOpener? = nil,
        now: @escaping @Sendable () -> Timestamp = systemTime,
        random: @escaping Randomness = systemRandomness
    ) throws -> Shown {
        let backup = HubFolder(path: path)
        guard backup.has("hub.sqlite") else {
            throw HubFailure(
                "noBackup",
                "there is no backup of a hub in \(path); nothing was changed",
                kind: .notFound
            )
        }
        guard folder.records == nil else {
            throw HubFailure(
                "exists",
                "there is a hub in \(folder.path) already; nothing was changed",
                hint: "move that folder away, or name another with --data",
                kind: .refused
            )
        }
        try folder.make()
        try backup.copyKept(to: folder)
        let records = try SQLiteStore(path: backup.database)
        if let address = folder.address {
            _ = try open(address, .copy(of: records), by: opener)
            try folder.remember(address: address)
        } else {
            try records.copy(to: folder.file("hub.sqlite.new"))
            try FileManager.default.moveItem(
                atPath: folder.file("hub.sqlite.new"),
                toPath: folder.database
            )
        }
        let office = try HubOffice(in: folder, opener: opener, now: now, random: random)
        let damaged = try BlobFolder(path: backup.file("blobs")).copy(to: office.blobs)
        folder.syncNames()
        try office.decide(.everyFeed) { draft in
            draft.openEpoch(because: "restored")
            draft.mark(safeUpTo: 0)
            draft.tie(to: "")
        }
        try office.eraseAgain(toldTo: backup)
        let held = try office.store.read(Wanted())
        let count = held.state.awaited.count
        return Shown(
            [
                "hub": .string(held.hub.id), "epoch": .string(held.hub.epoch),
                "awaited": .strings(held.state.awaited),
                "damaged": .strings(damaged.map(\.description)),
            ],
            damaged.map { "left out, since it is damaged: attachment \($0)" } + [
                "restored as epoch \(held.hub.epoch); it takes verdicts and seals nothing until "
                    + "\(count) \(count == 1 ? "device has" : "devices have") synced",
                "serve it: `countersign-hub serve`",
            ]
        )
    }
}

extension HubFolder {
    /// What a backup holds beside the database: without these nobody can go on with it.
    ///
    /// The root key is not among them: it is to be kept elsewhere.
    private static let kept = ["root.pub", "hub.key", "draw.key", "authority.pem", "server.pem"]

    func copyKept(to other: HubFolder) throws {
        for name in Self.kept {
            if let bytes = read(name) { try other.write(bytes, to: name) }
        }
    }
}

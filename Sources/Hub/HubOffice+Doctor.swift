import HubStore
import Review
import Sync

extension HubOffice {
    /// Looks at what keeps what people said safe, each with its remedy; whether all is well.
    ///
    /// Every backup is verified: one that does not hold counts no longer.
    package func doctor(_ print: Printing) throws -> Bool {
        var list = BackupList(in: folder)
        var isWell = true
        func tell(_ check: String, _ isRight: Bool, _ what: String, _ remedy: String? = nil) throws
        {
            isWell = isWell && isRight
            try print(
                Shown(
                    [
                        "check": .string(check), "ok": .bool(isRight), "found": .string(what),
                        "remedy": remedy.map(JSON.string) ?? .null,
                    ],
                    ["\(isRight ? "ok" : "look") \(check): \(what)"]
                        + (remedy.map { ["  \($0)"] } ?? [])
                )
            )
        }
        for backup in list.backups {
            let holds = (try? HubOffice(in: HubFolder(path: backup.path)).verify().holds) ?? false
            list.add(
                BackupList.Backup(
                    path: backup.path,
                    epoch: backup.epoch,
                    hubSeq: backup.hubSeq,
                    bytes: holds ? BackupList.Backup.bytes(at: backup.path) : nil
                )
            )
            try tell(
                "backup",
                holds,
                "\(backup.path) \(holds ? "holds \(backup.hubSeq) entries" : "does not verify")",
                holds ? nil : "make another: `countersign-hub backup DIR`"
            )
        }
        let held = try store.read(Wanted())
        let watermark = list.watermark(of: held.hub.epoch)
        try folder.write(list.bytes, to: BackupList.file)
        if watermark != held.state.watermark { try decide { $0.mark(safeUpTo: watermark) } }
        let isOld = list.backups.contains { $0.isWhole && $0.epoch != held.hub.epoch }
        try tell(
            "watermark",
            watermark > 0,
            "safe up to \(watermark) of \(held.hubSeq): nodes keep what lies beyond it",
            watermark > 0
                ? nil
                : isOld
                    ? "remove the backups from before the hub was restored, and make another: "
                        + "`countersign-hub backup DIR`"
                    : "make a backup on another disk: `countersign-hub backup DIR`"
        )
        return isWell
    }
}

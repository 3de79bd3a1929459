import HubStore
import Review
import Sync

// A hub that went back in time, and those who hold what it lost (`Sync/HubDraft+Epoch.swift`).

extension HubOffice {
    private static let nonceFile = "hub.nonce"

    /// Begins a new epoch where the database is not the one that was served from this folder last,
    /// and ties the two together anew; before anything is served.
    package func noticeOtherPast() throws {
        // Of processes that begin to serve at once, each sees what the one before has tied.
        try folder.locked {
            let tied = try store.read(Wanted()).state.nonce.split(separator: " ").map(String.init)
            let beside = folder.read(Self.nonceFile).map { String(decoding: $0, as: UTF8.self) }
            if !tied.isEmpty, beside.map({ !tied.contains($0) }) ?? true {
                try decide(.everyFeed) { $0.openEpoch(because: "otherPast") }
            }
            let next = random(16).hexadecimal
            // Both are right until the file is written: a crash between must not look like a restore.
            try decide { $0.tie(to: [beside, next].compactMap { $0 }.joined(separator: " ")) }
            try folder.write(Array(next.utf8), to: Self.nonceFile)
            try decide { $0.tie(to: next) }
        }
    }

    /// Begins a new epoch where the hub is shown its own receipt for what it does not hold.
    func believe(_ receipts: [JSON]) throws {
        let shown = receipts.prefix(16).filter {
            SignedRecord.holds($0, as: .receipt, keys: [keys.working], .crypto)
        }.compactMap { Receipt(json: $0) }
        guard !shown.isEmpty else { return }
        var wanted = Wanted()
        wanted.uids = shown.map(\.head)
        let held = try store.read(wanted)
        guard shown.contains(where: { held.known[$0.head] == nil }) else { return }
        wanted.feedRows = true
        try decide(wanted) { $0.believe(shown) }
    }

    /// Takes back what others made, or the hub itself, and the hub lost.
    func recover(_ documents: [Document], from device: Device) throws -> [PushResult] {
        if documents.isEmpty { return [] }
        let devices = try store.read(Wanted()).devices
        let hubKeys = try hubKeys(or: documents)
        let certified = certified(in: documents, signedBy: hubKeys)
        let entries = documents.map { document in
            let author = document.entry.log.device
            let keys =
                author == store.hubID
                ? hubKeys : [devices[author]?.key ?? certified[author]?.key].compactMap { $0 }
            return Recovered(document, keys: keys, .crypto)
        }
        // The policies first, so that what is counted from now on has a number of its own.
        let split = entries.firstIndex { !$0.document.entry.caseKey.isEmpty } ?? entries.endIndex
        let general = try recover(entries[..<split], from: device)
        if entries[..<split].contains(where: { $0.document.entry.kind == .policy }) {
            try resumePolicies()
        }
        return general + (try recover(entries[split...], from: device))
    }

    private func recover(
        _ entries: ArraySlice<Recovered>,
        from device: Device
    ) throws -> [PushResult] {
        if entries.isEmpty { return [] }
        let entries = Array(entries)
        var wanted = Wanted(recovering: entries)
        let held = try store.read(wanted)
        wanted.feedRows = entries.contains { entry in
            entry.isOf(held.hub.log) && held.known[entry.uid] == nil
                || entry.generation(of: held.hub).map { $0 >= held.hub.log.generation } ?? false
        }
        return try decide(wanted) { $0.recover(entries, from: device) }
    }

    /// Waits no longer for a device that has handed in all it held.
    func noteCaughtUp(_ device: Device, _ request: HubRequest) throws {
        guard try store.read(Wanted()).state.isRecovering else { return }
        try decide { $0.noteCaughtUp(device, request) }
    }

    /// Ends the wait for devices that will not come.
    package func endRecovery(by: String, because: String) throws -> Shown {
        let awaited = try store.read(Wanted()).state.awaited
        try decide { $0.endRecovery(by: by, because: because) }
        return Shown(
            ["awaited": .strings(awaited), "by": .string(by)],
            [
                awaited.isEmpty
                    ? "the hub is not waiting for anybody"
                    : "no longer waiting for \(awaited.joined(separator: ", "))"
            ]
        )
    }
}

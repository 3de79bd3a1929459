import HubStore
import Review
import Sync

// A hub that went back in time, and those who hold what it lost (`Sync/HubDraft+Epoch.swift`).

extension HubOffice {
    /// Begins a new epoch where the hub is shown its own receipt for what it does not hold.
    func believe(_ receipts: [JSON]) throws {
        let shown = receipts.prefix(16).filter {
            SignedRecord.holds($0, as: .receipt, keys: [keys.working], .crypto)
        }.compactMap { Receipt(json: $0) }
        guard !shown.isEmpty else { return }
        var wanted = Wanted.everyFeed
        wanted.uids = shown.map(\.head)
        let held = try store.read(wanted)
        let isLost = shown.contains { $0.hubEpoch == held.hub.epoch && held.known[$0.head] == nil }
        guard isLost else { return }
        try decide(wanted) { draft in
            // Another request may have shown it first.
            let isLost = shown.contains {
                $0.hubEpoch == draft.held.hub.epoch && draft.held.known[$0.head] == nil
            }
            if isLost { draft.openEpoch(because: "lostTail") }
        }
    }

    /// Takes back what others made, or the hub itself, and the hub lost.
    func recover(_ documents: [Document], from device: Device) throws -> [PushResult] {
        if documents.isEmpty { return [] }
        let devices = try store.read(Wanted()).devices
        let entries = documents.map { document in
            let author = document.entry.log.device
            let keys = author == store.hubID ? [keys.working] : [devices[author]?.key]
            return Recovered(document, keys: keys.compactMap { $0 }, .crypto)
        }
        return try decide(Wanted(recovering: entries)) { $0.recover(entries, from: device) }
    }

    /// Waits no longer for a device that has all there is and has handed in all it held.
    func noteCaughtUp(_ device: Device, _ request: HubRequest) throws {
        let held = try store.read(Wanted())
        guard held.state.awaited.contains(device.id), request.hello.holds == 0 else { return }
        let isLevel = [FeedName.hub, FeedName.reviewer(device.reviewer)].allSatisfy { feed in
            let end = held.feeds[feed] ?? FeedHead(hub: held.hub, feed: feed, hash: sha256)
            return request.cursors.contains {
                $0.feed == feed && $0.hubEpoch == held.hub.epoch && $0.head.seq <= end.seq
            }
        }
        if isLevel { try decide { $0.noteCaughtUp(device.id) } }
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

import HubStore
import Review
import Sync

// What a node is answered, over a connection or in a bundle: made in one way.

/// What an answer is made from.
struct Asked {
    let device: Device
    /// The log that the device writes now.
    let log: LogName
    let handedIn: HandedIn
    let cursors: [Cursor]
    let allowance: PageAllowance
    /// SHA-256 of the body that is answered.
    let digest: Review.Digest
    /// What one that was just let in needs to begin.
    var enrolled: JSON? = nil
}

extension HubOffice {
    /// A body with receipts and results of what was handed in, and what fits of the device's feeds.
    ///
    /// - **ReceiptHolds**: the receipts in the answer are for what is on the disk already.
    func reply(_ asked: Asked) throws -> [UInt8] {
        var wanted = Wanted()
        wanted.logs = [asked.log]
        wanted.devices = [asked.device.id]
        let state = try store.read(wanted)
        let revocation = try revocation(of: asked.device)
        let down =
            revocation == nil
            ? try HubPages(
                for: asked.device.reviewer,
                after: asked.cursors,
                of: state.hub,
                within: asked.allowance,
                hash: sha256,
                now: now,
                read: store.page
            ) : HubPages()
        // Whoever stands in the present epoch has learned who signs in it.
        let isNew =
            state.state.rebuild != nil && !asked.cursors.contains { $0.hubEpoch == state.hub.epoch }
        return HubReply.body(
            Greeting(
                hub: state.hub,
                time: now(),
                watermark: watermark(state),
                request: asked.digest
            ),
            documents: asked.handedIn.documents,
            results: asked.handedIn.results,
            hubSeq: state.hubSeq,
            through: through(of: asked.log, state),
            resets: down.resets,
            pages: down.pages,
            revocation: revocation,
            enrolled: asked.enrolled,
            chain: isNew ? try chain : nil,
            hash: sha256,
            sign: keys.sign
        )
    }

    /// What the backups hold that are there now: one that is gone saves nobody.
    private func watermark(_ held: Held) -> Int64 {
        held.state.watermark == 0 ? 0 : BackupList(in: folder).watermark(of: held.hub.epoch)
    }

    /// The hub's word that the device is trusted no longer: it may hand in work, and gets nothing.
    private func revocation(of device: Device) throws -> Document? {
        guard try store.device(device.id)?.revocation != nil else { return nil }
        return try lastContent(of: .revocation) { $0["device"] == .string(device.id) }
    }

    /// What is held of each log of the asking device, that which it is in first.
    private func through(of log: LogName, _ held: Held) -> [Through] {
        let logs = held.logs.keys.filter { $0.device == log.device && $0 != log }.sorted()
        return ([log] + logs).map { log in
            Through(epoch: log.epoch, head: held.logs[log] ?? LogHead())
        }
    }
}

import Dispatch
import HubStore
import Review
import Sync
import Synchronization

/// A request of a node as it came over HTTP.
package struct SyncCall: Sendable {
    package let method: String
    package let path: String
    package let body: [UInt8]
    /// Looks a header field up by its lower-case name.
    package let header: @Sendable (String) -> String?

    package init(
        method: String = "POST",
        path: String,
        body: [UInt8],
        header: @escaping @Sendable (String) -> String?
    ) {
        self.method = method
        self.path = path
        self.body = body
        self.header = header
    }
}

// The hub's end of a sync: who asks, what they hand in, what they get.

extension HubOffice {
    /// Answers a sync: takes what was pushed, in its order, then what fits of the asker's feeds.
    ///
    /// - **ReceiptHolds**: the receipts in the answer are for what is on the disk already.
    /// - **OnceOnly**: the same request again gives receipts for the same entries.
    package func sync(_ call: SyncCall) throws -> [UInt8] {
        let began = now()
        let digest = sha256(call.body)
        let (device, log) = try identify(call, digest)
        let request = try HubRequest(body: call.body, hash: sha256)
        guard request.hello.log == log else {
            throw HubFailure(
                "badBody",
                "the body is of another log than the signature; nothing of it was taken",
                kind: .badInput
            )
        }
        try believe(request.receipts)
        let held = request.documents.filter { $0.entry.log.device != device.id }
        let own = request.documents.filter { $0.entry.log.device == device.id }
        let results = try recover(held, from: device) + push(own, from: device)
        if !request.deltas.isEmpty {
            try decide(Wanted(deltas: request.deltas)) { draft in
                for delta in request.deltas { draft.take(delta, from: device) }
            }
        }
        try noteCaughtUp(device, request)
        var wanted = Wanted()
        wanted.logs = [log]
        wanted.devices = [device.id]
        let state = try store.read(wanted)
        let allowance = PageAllowance(request.budget, results: results.count, since: began)
        let revocation = try revocation(of: device)
        let down =
            revocation == nil
            ? try HubPages(
                for: device.reviewer,
                after: request.cursors,
                of: state.hub,
                within: allowance,
                hash: sha256,
                now: now,
                read: store.page
            ) : HubPages()
        return HubReply.body(
            Greeting(
                hub: state.hub,
                time: now(),
                watermark: state.state.watermark,
                request: digest
            ),
            documents: held + own,
            results: results,
            hubSeq: state.hubSeq,
            through: through(of: log, state),
            resets: down.resets,
            pages: down.pages,
            revocation: revocation,
            hash: sha256,
            sign: keys.sign
        )
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

    /// Whose request it is: a known device's, signed for this hub and this body, in time.
    func identify(
        _ call: SyncCall,
        _ digest: Review.Digest
    ) throws -> (Device, LogName) {
        if let told = call.header("content-digest"), told != RequestSignature.contentDigest(digest)
        {
            throw Self.damaged
        }
        guard
            let (signature, bytes) = RequestSignature.read(
                method: call.method,
                path: call.path,
                digest: digest,
                header: call.header
            )
        else { throw Self.badSignature }
        guard signature.hub == store.hubID else {
            throw HubFailure(
                "otherHub",
                "the request is for another hub than this one; nothing of it was taken",
                hint: "enrol with this hub: `countersign enrol URL --token-file F`",
                kind: .notAllowed
            )
        }
        guard let device = try store.device(signature.log.device) else {
            throw HubFailure(
                "unknownDevice",
                "this hub does not know the device; nothing of it was taken",
                hint: "enrol it: `countersign enrol URL --token-file F`",
                kind: .unknownCaller
            )
        }
        guard Cryptography.crypto.verify(bytes, signature.base, device.key) else {
            throw Self.badSignature
        }
        let time = now()
        guard
            abs(signature.created - time.milliseconds / 1000) <= RequestSignature.toleranceSeconds
        else {
            throw HubFailure(
                "clock",
                "the request was signed at another time than the hub's; nothing of it was taken",
                hint: "sign it again with the hub's time",
                kind: .unknownCaller,
                details: ["hubTime": time.json]
            )
        }
        let mark = sha256(Array("\(device.id) \(signature.nonce)".utf8)).bytes.hexadecimal
        try visits.enter(Visit(at: time, visitor: .device(device.id), mark: mark))
        return (device, signature.log)
    }

    /// Counts a request that failed to show who asks.
    func countStranger(at address: String) throws {
        try visits.enter(Visit(at: now(), visitor: .stranger(address: address), mark: ""))
    }

    private static var damaged: HubFailure {
        HubFailure(
            "damagedRequest",
            "the request did not arrive as it was sent; nothing of it was taken",
            hint: "send it again: `countersign sync`",
            kind: .badInput
        )
    }

    private static var badSignature: HubFailure {
        HubFailure(
            "badSignature",
            "the request is not signed by the device it names; nothing of it was taken",
            hint: "look for the cause on the node: `countersign verify`",
            kind: .unknownCaller
        )
    }
}

// MARK: - Up

extension HubOffice {
    /// How many entries one transaction takes: other writers wait no longer than for so many.
    private static let pushChunk = 512

    private func push(_ documents: [Document], from device: Device) throws -> [PushResult] {
        let pushed = Self.checked(documents, by: device)
        var results: [PushResult] = []
        for start in stride(from: 0, to: pushed.count, by: Self.pushChunk) {
            let chunk = Array(pushed[start..<min(start + Self.pushChunk, pushed.count)])
            let wanted = Wanted(pushing: chunk.map(\.document.entry))
            results += try decide(wanted) { draft in draft.push(chunk, from: device) }
        }
        return results
    }

    /// Checks and reads every entry, outside of the transaction and on all cores where there are many.
    static func checked(_ documents: [Document], by device: Device) -> [Pushed] {
        let size = 64
        let chunks = (documents.count + size - 1) / size
        let checked = Mutex<[Int: [Pushed]]>([:])
        DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
            let part = documents[chunk * size..<min((chunk + 1) * size, documents.count)]
            let pushed = part.map { Pushed($0, of: device, .crypto) }
            checked.withLock { $0[chunk] = pushed }
        }
        return checked.withLock { checked in (0..<chunks).flatMap { checked[$0] ?? [] } }
    }
}

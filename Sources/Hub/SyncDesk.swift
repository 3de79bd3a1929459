import HubStore
import Review
import Sync

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
        let handedIn = try take(request, from: device)
        try remember(device.contact.after(request), of: device)
        return try reply(
            Asked(
                device: device,
                log: log,
                handedIn: handedIn,
                cursors: request.cursors,
                allowance: PageAllowance(
                    request.budget,
                    results: handedIn.results.count,
                    since: began
                ),
                digest: digest
            )
        )
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
        let id = signature.log.device
        guard let device = try store.device(id) ?? introduced(id, by: call.body) else {
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

    /// How much a request may hold, unpacked, by which a device that is not known shows who it is.
    private static let introductionBytes = 256 << 10

    /// A device that shows, in its request, that this hub let it in, and lost that.
    private func introduced(_ id: String, by body: [UInt8]) throws -> Device? {
        let request = try? HubRequest(
            body: body,
            unpackingUpTo: Self.introductionBytes,
            hash: sha256
        )
        return try request.flatMap { try introduced(id, in: $0.documents) }
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

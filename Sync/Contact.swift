package import Review

/// What a device told of itself last: enough to write to it when no connection asks.
package struct Contact: Sendable, Equatable {
    /// What bundles for it are sealed to (X25519); empty while it never told.
    package var agreement: [UInt8] = []
    /// Where it stands in its feeds.
    package var cursors: [Cursor] = []
    /// Of each epoch of its log that its last bundle handed in, the first entry: from there on it
    /// may still wait for receipts.
    package var unanswered: [String: Int64] = [:]
    /// SHA-256 of the body of its last bundle.
    package var request: Digest?

    package init() {}

    /// Whether the device said where it stands since it was let in.
    package var wasHeard: Bool { request != nil || !cursors.isEmpty }

    package var json: JSON {
        .present([
            "agreement": .string(Base64URL.encode(agreement)),
            "cursors": .array(cursors.map(\.json)),
            "unanswered": .object(unanswered.mapValues { .integer($0) }),
            "request": request?.json,
        ])
    }

    package init(json: JSON) {
        agreement = json["agreement"]?.string.flatMap(Base64URL.decode) ?? []
        cursors = json["cursors"]?.array?.compactMap { Cursor(json: $0) } ?? []
        unanswered = json["unanswered"]?.object?.compactMapValues(\.integer) ?? [:]
        request = json["request"]?.string.flatMap { Digest($0) }
    }
}

// MARK: - Hearing from a device

extension Contact {
    /// What is known after a request, `carried` here in a bundle with a body of that hash or not.
    package func after(_ request: HubRequest, carriedAs digest: Digest? = nil) -> Contact {
        var next = self
        if !request.hello.agreement.isEmpty { next.agreement = request.hello.agreement }
        if !request.cursors.isEmpty { next.cursors = request.cursors }
        guard let digest else { return next }
        next.request = digest
        next.unanswered = [:]
        for entry in request.documents.map(\.entry)
        where entry.log.device == request.hello.log.device {
            let first = next.unanswered[entry.log.epoch] ?? entry.seq
            next.unanswered[entry.log.epoch] = min(first, entry.seq)
        }
        return next
    }
}

extension HubDraft {
    /// Remembers what a device told of itself.
    package mutating func remember(_ contact: Contact, of id: String) {
        guard var device = held.devices[id], device.contact != contact else { return }
        device.contact = contact
        add(device)
    }
}

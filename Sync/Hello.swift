package import Review

/// What a node says first: who it is and what it speaks.
package struct Hello: Sendable, Equatable {
    package let log: LogName
    /// How many entries from before the hub's present epoch are still to be handed in after these.
    package let holds: Int
    /// What bundles for this device are to be sealed to (X25519); empty where it has none.
    package let agreement: [UInt8]

    package init(log: LogName, holds: Int = 0, agreement: [UInt8] = []) {
        self.log = log
        self.holds = holds
        self.agreement = agreement
    }

    package var json: JSON {
        .present([
            "device": .string(log.device), "epoch": .string(log.epoch), "protocol": [1, 1],
            "features": [], "limits": ["reply": .integer(Limits.reply)],
            "holds": holds > 0 ? .integer(holds) : nil,
            "agreement": agreement.isEmpty ? nil : .string(Base64URL.encode(agreement)),
        ])
    }

    package init?(json: JSON) {
        guard let device = json["device"]?.string, let epoch = json["epoch"]?.string,
            let versions = json["protocol"]?.array, versions.count == 2,
            let low = versions[0].integer, let high = versions[1].integer, low <= 1, high >= 1
        else { return nil }
        log = LogName(device: device, epoch: epoch)
        holds = json["holds"]?.integer.flatMap { Int(exactly: $0) } ?? 0
        agreement = json["agreement"]?.string.flatMap(Base64URL.decode) ?? []
    }
}

/// How much one request and one reply may hold, in bytes as sent.
package enum Limits {
    package static let request = 2 << 20
    package static let reply = 5_000_000
    /// How long a hub may work on one reply.
    package static let replyMilliseconds: Int64 = 10_000
    /// How much a request may hold unpacked.
    package static let unpacked = 64 << 20
    /// How much may be carried in one file, sealed.
    package static let carried = 64 << 20
}

/// What a hub says first, signed: who answers, when, and to which request.
package struct Greeting: Sendable, Equatable {
    package let hub: HubName
    package let time: Timestamp
    /// The hub (epoch, seq) up to which everything survives the loss of the hub's disk.
    package let watermark: Int64
    /// SHA-256 of the request's body.
    package let request: Digest

    package init(hub: HubName, time: Timestamp, watermark: Int64, request: Digest) {
        self.hub = hub
        self.time = time
        self.watermark = watermark
        self.request = request
    }

    package var json: JSON {
        [
            "hub": .string(hub.id), "epoch": .string(hub.epoch), "time": time.json,
            "watermark": .integer(watermark), "request": request.json,
            "limits": ["request": .integer(Limits.request), "reply": .integer(Limits.reply)],
        ]
    }

    package init?(json: JSON) {
        guard let id = json["hub"]?.string, let epoch = json["epoch"]?.string,
            let time = json["time"]?.integer, let watermark = json["watermark"]?.integer,
            let request = json["request"]?.string.flatMap({ Digest($0) })
        else { return nil }
        self.init(
            hub: HubName(id: id, epoch: epoch),
            time: Timestamp(milliseconds: time),
            watermark: watermark,
            request: request
        )
    }
}

package import Review

/// What became of one pushed entry.
package struct PushResult: Sendable, Equatable {
    /// All but `gap` and `unread` are stored, durable and receipted.
    package enum Word: String, Sendable {
        case accepted, duplicate, forked, deferred, rejected, gap, unread

        package var isStored: Bool { self != .gap && self != .unread }
    }

    package let log: LogName
    package let seq: Int64
    package let result: Word
    /// Why, where it was not accepted.
    package let code: String

    package init(log: LogName, seq: Int64, result: Word, code: String = "") {
        self.log = log
        self.seq = seq
        self.result = result
        self.code = code
    }

    /// Whether it is stored and may have its effect yet: what it refers to has not come, or an
    /// administrator has not looked at it.
    package var isPending: Bool {
        result.isStored && (HubDraft.deferralCodes.contains(code) || code == HubDraft.revokedCode)
    }

    package var json: JSON {
        [
            "device": .string(log.device), "epoch": .string(log.epoch), "seq": .integer(seq),
            "result": .string(result.rawValue), "code": .string(code),
        ]
    }

    package init?(json: JSON) {
        guard let device = json["device"]?.string, let epoch = json["epoch"]?.string,
            let seq = json["seq"]?.integer, let result = json["result"]?.string.flatMap(Word.init),
            let code = json["code"]?.string
        else { return nil }
        self.init(log: LogName(device: device, epoch: epoch), seq: seq, result: result, code: code)
    }
}

/// The hub's signature for a stretch of one log: these entries survive every crash of the hub.
package struct Receipt: Sendable, Equatable {
    package let log: LogName
    package let from: Int64
    package let to: Int64
    /// The uid of the entry at `to`.
    package let head: Digest
    /// The digest of the results told for these entries.
    package let results: Digest
    package let hubEpoch: String
    package let hubSeq: Int64
    /// The hub's, over `json`; empty while the receipt is not signed.
    package private(set) var signature: [UInt8] = []

    package init(
        log: LogName,
        from: Int64,
        to: Int64,
        head: Digest,
        results: Digest,
        hubEpoch: String,
        hubSeq: Int64
    ) {
        self.log = log
        self.from = from
        self.to = to
        self.head = head
        self.results = results
        self.hubEpoch = hubEpoch
        self.hubSeq = hubSeq
    }

    package var json: JSON {
        [
            "device": .string(log.device), "epoch": .string(log.epoch), "from": .integer(from),
            "to": .integer(to), "head": head.json, "results": results.json,
            "hubEpoch": .string(hubEpoch), "hubSeq": .integer(hubSeq),
        ]
    }

    package init?(json: JSON) {
        guard let device = json["device"]?.string, let epoch = json["epoch"]?.string,
            let from = json["from"]?.integer, from >= 1, let to = json["to"]?.integer, to >= from,
            let head = json["head"]?.string.flatMap({ Digest($0) }),
            let results = json["results"]?.string.flatMap({ Digest($0) }),
            let hubEpoch = json["hubEpoch"]?.string, let hubSeq = json["hubSeq"]?.integer
        else { return nil }
        self.init(
            log: LogName(device: device, epoch: epoch),
            from: from,
            to: to,
            head: head,
            results: results,
            hubEpoch: hubEpoch,
            hubSeq: hubSeq
        )
        signature = json["sig"]?.string.flatMap(Base64URL.decode) ?? []
    }

    /// With its signature, as it came: what is kept, and checked again by `verify`.
    package var signed: JSON {
        guard case .object(var members) = json else { return json }
        members["sig"] = .string(Base64URL.encode(signature))
        return .object(members)
    }

    /// H(`countersign results v1`, the results as a canonical JSON array in order of seq).
    package static func digest(of results: [PushResult], hash: Hashing) -> Digest {
        var framing = Framing("countersign results v1")
        framing.append(JSON.array(results.map(\.json)).canonicalBytes)
        return hash(framing.bytes)
    }
}

/// What the hub holds of a log of the asking device, told of each in every reply.
package struct Through: Sendable, Equatable {
    package let epoch: String
    package let head: LogHead

    package init(epoch: String, head: LogHead) {
        self.epoch = epoch
        self.head = head
    }

    package var json: JSON {
        [
            "epoch": .string(epoch), "seq": .integer(head.seq),
            "head": .string(head.uid?.description ?? ""),
        ]
    }

    package init?(json: JSON) {
        guard let epoch = json["epoch"]?.string, let seq = json["seq"]?.integer,
            let head = json["head"]?.string
        else { return nil }
        self.init(epoch: epoch, head: LogHead(seq: seq, uid: Digest(head)))
    }
}

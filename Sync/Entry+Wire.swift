package import Review

extension Entry {
    /// How many random bytes a payload begins with, so that its hash tells nothing of it.
    package static let saltLength = 16
    /// The largest payload that may be made.
    package static let payloadLimit = (1 << 20) + (64 << 10)

    /// The message that an entry's signature covers.
    package static func message(for uid: Digest) -> [UInt8] {
        var framing = Framing("countersign entry v1")
        framing.append(uid)
        return framing.bytes
    }

    /// Reads a line back, byte for byte; it must be canonical and have just the known members.
    package init(
        line: [UInt8],
        signature: [UInt8],
        hash: Hashing
    ) throws(EntryError) {
        let json: JSON
        do throws(JSONError) { json = try JSON(parsing: line) } catch { throw .line("\(error)") }
        guard json.canonicalBytes == line else { throw .line("it is not in canonical form") }
        guard json["v"] == 1 else { throw .line("its version is not 1") }
        guard let device = json["device"]?.string, let epoch = json["epoch"]?.string,
            let kind = json["kind"]?.string, let caseKey = json["case"]?.string,
            let payload = json["payload"]?.string.flatMap({ Digest($0) }),
            let prev = json["prev"]?.string, let seq = json["seq"]?.integer, seq >= 1
        else { throw .line("a member is missing or of a wrong type") }
        guard prev.isEmpty == (seq == 1), prev.isEmpty || Digest(prev) != nil else {
            throw .line("`prev` does not fit `seq`")
        }
        log = LogName(device: device, epoch: epoch)
        self.seq = seq
        kindName = kind
        self.caseKey = caseKey
        self.payload = payload
        self.prev = Digest(prev)
        must = json["must"] == true
        self.line = line
        self.signature = signature
        uid = hash(line)
    }
}

/// Writes the next entries of one log: reads the head, appends, signs.
package struct Pen: Sendable {
    package let log: LogName
    package private(set) var head: LogHead
    private let cryptography: Cryptography
    private let sign: Signing
    private let random: Randomness

    package init(
        log: LogName,
        head: LogHead,
        cryptography: Cryptography,
        sign: @escaping Signing,
        random: @escaping Randomness
    ) {
        self.log = log
        self.head = head
        self.cryptography = cryptography
        self.sign = sign
        self.random = random
    }

    /// Writes an entry after the head, about a case.
    package mutating func write(_ statement: Statement, caseKey: String) -> Document {
        write(statement.kind, caseKey: caseKey, statement.json)
    }

    /// Writes an entry of any kind after the head.
    ///
    /// `content` may not exceed `Entry.payloadLimit`.
    package mutating func write(
        _ kind: Entry.Kind,
        caseKey: String = "",
        _ content: JSON
    ) -> Document {
        let payload = random(Entry.saltLength) + content.canonicalBytes
        let hash = cryptography.hash(payload)
        let json: JSON = [
            "case": .string(caseKey), "device": .string(log.device), "epoch": .string(log.epoch),
            "kind": .string(kind.rawValue), "payload": hash.json,
            "prev": .string(head.uid?.description ?? ""), "seq": .integer(head.seq + 1), "v": 1,
        ]
        let line = json.canonicalBytes
        let uid = cryptography.hash(line)
        let entry = Entry(
            log: log,
            seq: head.seq + 1,
            kindName: kind.rawValue,
            caseKey: caseKey,
            payload: hash,
            prev: head.uid,
            must: false,
            line: line,
            signature: sign(Entry.message(for: uid)),
            uid: uid
        )
        head = LogHead(seq: entry.seq, uid: entry.uid)
        return Document(entry: entry, payload: payload)
    }
}

extension Document {
    /// Checks the payload's hash and the signature by `key`.
    package func verify(by key: [UInt8], _ cryptography: Cryptography) throws(EntryError) {
        try verifyPayload(cryptography.hash)
        guard cryptography.verify(entry.signature, Entry.message(for: entry.uid), key) else {
            throw .signature
        }
    }

    /// Checks that the payload, where there is one, is what the entry names.
    package func verifyPayload(_ hash: Hashing) throws(EntryError) {
        if let payload, hash(payload) != entry.payload { throw .payloadHash }
    }
}

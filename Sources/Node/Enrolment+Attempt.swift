import Foundation
import Review
import Sync

// What an enrolment asks with: made once, and kept until it is answered.

extension Enrolment {
    /// The key and first entry of this attempt, or of an earlier one whose reply was lost.
    func request() throws -> (DeviceKey, Document) { try begun() ?? made() }

    /// Those of an attempt that was made before.
    func begun() -> (DeviceKey, Document)? {
        guard let data = FileManager.default.contents(atPath: home.enrolmentPath),
            let json = try? JSON(parsing: data), let key = try? DeviceKey(of: home),
            let line = json["entry"]?.string, let signature = json["signature"]?.string,
            let entry = try? Entry(
                line: Array(line.utf8),
                signature: Base64URL.decode(signature) ?? [],
                hash: Cryptography.system.hash
            )
        else { return nil }
        let payload = json["payload"]?.string.flatMap(Base64URL.decode)
        return (key, Document(entry: entry, payload: payload))
    }

    private func made() throws -> (DeviceKey, Document) {
        let key = DeviceKey()
        let log = LogName(
            device: KeyName.device(key.publicKey, hash: Cryptography.system.hash),
            epoch: KeyName.epoch(1, random: systemRandomness)
        )
        var pen = Pen(
            log: log,
            head: LogHead(),
            cryptography: .system,
            sign: key.sign,
            random: systemRandomness
        )
        let first = pen.write(
            .epoch,
            [
                "parent": "", "reason": "enrolled",
                "key": .string(Base64URL.encode(key.publicKey)),
            ]
        )
        try home.writeSecret(key.bytes, to: home.keyPath)
        try keep(first, key)
        return (key, first)
    }

    /// Remembers the attempt, and the token it was made with: an answer in a file comes days later.
    func keep(_ first: Document, _ key: DeviceKey) throws {
        var members = body(first, key).object ?? [:]
        members["token"] = .string(token.text)
        try home.writeSecret(JSON.object(members).canonicalBytes, to: home.enrolmentPath)
    }

    /// What a hub is asked.
    func body(_ first: Document, _ key: DeviceKey) -> JSON {
        [
            "secret": .string(Base64URL.encode(token.secret)), "device": .string(deviceName),
            "key": .string(Base64URL.encode(key.publicKey)),
            "entry": .string(String(decoding: first.entry.line, as: UTF8.self)),
            "signature": .string(Base64URL.encode(first.entry.signature)),
            "payload": .string(Base64URL.encode(first.payload ?? [])),
        ]
    }
}

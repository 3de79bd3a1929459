import Review
import Sync

/// What a new device asks for (`formats.md`, enrolment).
struct EnrolmentRequest {
    let secret: Review.Digest
    let name: String
    let key: [UInt8]
    let first: Document

    /// Reads and checks all that the request itself can show.
    ///
    /// `secretHash` is that of a token which is not in the request itself.
    init(json: JSON, secretHash: Review.Digest? = nil) throws {
        func bytes(_ field: String) throws -> [UInt8] {
            guard let bytes = json[field]?.string.flatMap(Base64URL.decode) else {
                throw Self.malformed("`\(field)` is missing or not base64url")
            }
            return bytes
        }
        guard let line = json["entry"]?.string, let name = json["device"]?.string,
            name.utf8.count <= 200
        else { throw Self.malformed("`entry` or `device` is missing or too long") }
        self.name = name
        secret = try secretHash ?? sha256(bytes("secret"))
        key = try bytes("key")
        let entry: Entry
        do {
            entry = try Entry(
                line: Array(line.utf8),
                signature: try bytes("signature"),
                hash: sha256
            )
        } catch let error as EntryError {
            throw Self.malformed("\(error)")
        }
        first = Document(entry: entry, payload: try bytes("payload"))
        let device = KeyName.device(key, hash: sha256)
        let isFirst =
            entry.kind == .epoch && entry.seq == 1 && entry.log.device == device
            && entry.caseKey.isEmpty
        let content = try? first.content()
        guard isFirst, (try? first.verify(by: key, .crypto)) != nil,
            content?["key"] == .string(Base64URL.encode(key)), content?["reason"] == "enrolled",
            content?["parent"] == ""
        else { throw Self.malformed("the entry is not the first of the key's own log") }
    }

    var device: String { first.entry.log.device }

    static func malformed(_ reason: String) -> HubFailure {
        HubFailure(
            "badEnrolment",
            "the request cannot be an enrolment: \(reason); nothing was changed",
            hint: "enrol with `countersign enrol URL --token-file F`, or print a request anew: "
                + "`countersign enrol --print-request --token-file F`",
            kind: .badInput
        )
    }
}

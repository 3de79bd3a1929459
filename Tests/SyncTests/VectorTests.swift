import Review
import Sync
import TestSupport
import Testing

/// The bytes of `formats.md`, made by `Vectors/make.py`; every later version reproduces them.
@Suite("Golden vectors")
struct VectorTests {
    private let real = Cryptography.real
    private let names: JSON
    private let hubKey: VectorKey
    private let deviceKey: VectorKey
    private let log: LogName
    private let hub: HubName

    init() throws {
        names = try vector("names")
        hubKey = try VectorKey(0)
        deviceKey = try VectorKey(1)
        log = LogName(device: names.text("device"), epoch: names.text("epoch"))
        hub = HubName(id: names.text("hub"), epoch: try vector("feed").text("epoch"))
    }

    @Test func `names of devices, hubs and epochs`() throws {
        for (index, key) in [hubKey, deviceKey].enumerated() {
            #expect(key.bytes == names.list("keys")[index].hex("public"))
        }
        #expect(KeyName.device(deviceKey.bytes, hash: real.hash) == log.device)
        #expect(KeyName.hub(hubKey.bytes, hash: real.hash) == hub.id)
        let random = names.hex("random")
        #expect(KeyName.epoch(1) { Array(random.prefix($0)) } == log.epoch)
    }

    @Test func `the framing of what is hashed and signed`() throws {
        let json = try vector("framing")
        var framing = Framing(json.text("domain"))
        framing.append([UInt8]())
        framing.append(Array(json.text("text").utf8))
        framing.append(try #require(json["integer"]?.integer))
        framing.append(try #require(json.digest("digest")))
        #expect(framing.bytes == json.hex("bytes"))
        #expect(real.hash(framing.bytes) == json.digest("hash"))
    }

    /// The two entries of `entry.json`, written by us.
    private func documents() throws -> [Document] {
        let json = try vector("entry")
        let salt = json.hex("salt")
        var pen = Pen(
            log: log,
            head: LogHead(),
            cryptography: real,
            sign: deviceKey.sign,
            random: { Array(salt.prefix($0)) }
        )
        return try json.list("entries").map { row in
            let kind = try #require(Entry.Kind(rawValue: row.text("kind")))
            return pen.write(kind, caseKey: row.text("case"), row["content"] ?? .null)
        }
    }

    @Test func `entries: line, hash, signature, payload`() throws {
        let rows = try vector("entry").list("entries")
        for (document, row) in zip(try documents(), rows) {
            #expect(String(decoding: document.entry.line, as: UTF8.self) == row.text("line"))
            #expect(document.entry.uid == row.digest("uid"))
            #expect(Base64URL.encode(document.entry.signature) == row.text("signature"))
            #expect(document.payload == row.hex("payload"))
            #expect(throws: Never.self) { try document.verify(by: deviceKey.bytes, real) }
            #expect(throws: EntryError.signature) { try document.verify(by: hubKey.bytes, real) }
            let read = try Entry(
                line: Array(row.text("line").utf8),
                signature: document.entry.signature,
                hash: real.hash
            )
            #expect(read == document.entry)
        }
    }

    @Test func `prefix hashes of a feed`() throws {
        let json = try vector("feed")
        var head = FeedHead(hub: hub, feed: json.text("feed"), hash: real.hash)
        #expect(head.prefix.description == json.list("prefixes")[0].string)
        for (uid, prefix) in zip(json.list("uids"), json.list("prefixes").dropFirst()) {
            head = head.appending(try #require(uid.string.flatMap { Digest($0) }), hash: real.hash)
            #expect(head.prefix.description == prefix.string)
        }
    }

    @Test func `a page with its rows`() throws {
        let json = try vector("page")
        let head = try #require(json["head"].flatMap(PageHead.init))
        let rows = try zip(documents(), json.list("hubSeqs")).enumerated().map { index, row in
            FeedRow(
                seq: Int64(index + 1),
                hubSeq: row.1.integer ?? 0,
                document: row.0
            )
        }
        let page = Page(head: head, rows: rows)
        #expect(page.end(after: head.from, hash: real.hash) == head.to)
        var written: [UInt8] = []
        for record in page.records(sign: hubKey.sign) { record.write(to: &written) }
        #expect(written == json.hex("records"))
        #expect(try Record.read(frame: json.hex("records")) == page.records(sign: hubKey.sign))
    }

    @Test func `a receipt and the digest of its results`() throws {
        let json = try vector("receipt")
        let results = json.list("results").compactMap(PushResult.init)
        #expect(results.map(\.result) == [.accepted, .deferred])
        #expect(Receipt.digest(of: results, hash: real.hash) == json.digest("digest"))
        let receipt = try #require(json["receipt"].flatMap(Receipt.init))
        let signed = SignedRecord.sign(receipt.json, as: .receipt, by: hubKey.sign)
        #expect(signed.canonical == json.text("signed"))
        #expect(SignedRecord.holds(signed, as: .receipt, keys: [hubKey.bytes], real))
        #expect(!SignedRecord.holds(signed, as: .page, keys: [hubKey.bytes], real))
        #expect(!SignedRecord.holds(signed, as: .receipt, keys: [deviceKey.bytes], real))
    }

    @Test func `a hub's greeting`() throws {
        let json = try vector("greeting")
        let greeting = Greeting(
            hub: hub,
            time: Timestamp(milliseconds: try #require(json["time"]?.integer)),
            watermark: 0,
            request: try #require(json.digest("request"))
        )
        let signed = SignedRecord.sign(greeting.json, as: .hub, by: hubKey.sign)
        #expect(signed.canonical == json.text("signed"))
        #expect(Greeting(json: signed) == greeting)
    }

    @Test func `a recalibration delta`() throws {
        let json = try vector("delta")
        let scope = Stamps.Scope(
            workflow: "refunds",
            modelVersion: "m@1",
            segment: "email",
            policyEpoch: 3
        )
        let delta = Delta(
            log: log,
            scope: scope,
            through: 2,
            head: try #require(json.digest("head")),
            counts: [
                Tally.Bucket(bin: 85, k: 20, blind: false, kind: .agree): 7,
                Tally.Bucket(bin: nil, k: 1, blind: true, kind: .overturn): 2,
            ],
            sign: deviceKey.sign
        )
        #expect(String(decoding: delta.line, as: UTF8.self) == json.text("line"))
        #expect(Base64URL.encode(delta.signature) == json.text("signature"))
        #expect(try Delta(line: delta.line, signature: delta.signature) == delta)
    }

    @Test func `enrolment tokens`() throws {
        let json = try vector("token")
        for (name, authority) in [("plain", nil), ("pinned", json.digest("tls"))] {
            let token = Token(
                hub: json.text("hub"),
                root: try #require(json.digest("root")),
                authority: authority,
                secret: json.hex("secret")
            )
            #expect(token.text == json.text(name))
            #expect(Token(json.text(name)) == token)
        }
    }

    @Test func `the signature of a request`() throws {
        let json = try vector("request")
        let request = RequestSignature(
            method: "POST",
            path: "/v1/sync",
            hub: hub.id,
            digest: try #require(json.digest("digest")),
            created: try #require(json["created"]?.integer),
            nonce: json.text("nonce"),
            log: log
        )
        #expect(String(decoding: request.base, as: UTF8.self) == json.text("base"))
        let headers = request.headers(sign: deviceKey.sign)
        for (name, value) in headers { #expect(json["headers"]?.text(name) == value) }
        #expect(headers.count == json["headers"]?.object?.count)
        let read = try #require(
            RequestSignature.read(method: "POST", path: "/v1/sync", digest: request.digest) {
                json["headers"]?[$0]?.string
            }
        )
        #expect(read.signature == request)
        #expect(real.verify(read.bytes, request.base, deviceKey.bytes))
    }

    @Test func `an outcome`() throws {
        var story = Story(opinions: 2, adjudicate: .third)
        let anna = story.says("anna", "approve")
        story.says("ben", "deny")
        let release = story.releases(to: "anna")
        story.says("anna", "deny", replacing: [anna], knowing: [release])
        let json = try vector("outcome")
        let outcome = try #require(story.dossier.outcome)
        #expect(String(decoding: outcome.bytes, as: UTF8.self) == json.text("bytes"))
        #expect(real.hash(outcome.bytes) == json.digest("hash"))
    }
}

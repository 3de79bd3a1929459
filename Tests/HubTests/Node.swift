import Foundation
@testable import Hub
import HubStore
import Review
import Sync

/// A reviewer's machine as far as a hub can tell: a log, a key, and what the hub sent it.
struct TestNode {
    let keys: HubKeys
    let log: LogName
    private var pen: Pen
    private(set) var entries: [Document] = []
    private(set) var cursors: [String: Cursor] = [:]
    private(set) var rows: [Document] = []
    private(set) var results: [PushResult] = []
    private(set) var resets: [String] = []
    /// Whether the last reply said that there is more.
    private(set) var more = false
    private(set) var clock: Timestamp

    init(at time: Timestamp) throws {
        // Any Ed25519 key will do; a hub's folder makes one.
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        keys = try HubOffice(in: folder, making: true).keys
        log = LogName(
            device: KeyName.device(keys.working, hash: sha256),
            epoch: KeyName.epoch(1, random: systemRandomness)
        )
        pen = Pen(
            log: log,
            head: LogHead(),
            cryptography: .crypto,
            sign: keys.sign,
            random: systemRandomness
        )
        clock = time
        entries.append(
            pen.write(
                .epoch,
                [
                    "parent": "", "reason": "enrolled",
                    "key": .string(Base64URL.encode(keys.working)),
                ]
            )
        )
    }

    /// What `POST /v1/enrol` takes.
    func enrolment(_ token: String) throws -> JSON {
        let secret = Token(token)?.secret ?? []
        let first = entries[0]
        return [
            "secret": .string(Base64URL.encode(secret)), "device": "laptop",
            "key": .string(Base64URL.encode(keys.working)),
            "entry": .string(String(decoding: first.entry.line, as: UTF8.self)),
            "signature": .string(Base64URL.encode(first.entry.signature)),
            "payload": .string(Base64URL.encode(first.payload ?? [])),
        ]
    }

    mutating func write(_ kind: Entry.Kind, caseKey: String = "", _ content: JSON) {
        entries.append(pen.write(kind, caseKey: caseKey, content))
    }

    /// Says what `reviewer` thinks of the case that the hub sent last under that name.
    mutating func answer(_ name: String, _ label: String, by reviewer: String) throws {
        for row in rows.reversed() where row.entry.kind == .case {
            let record = try CaseRecord(json: row.content())
            guard record.name.description == name else { continue }
            let proposal = rows.last { document in
                document.entry.kind == .proposal && document.entry.caseKey == row.entry.caseKey
            }
            let ai = try proposal.map { try Proposal(json: $0.content()) }
            let verdict = Verdict(
                reviewer: reviewer,
                name: record.name,
                revision: record.revision,
                policy: record.policy,
                round: 1,
                assignment: nil,
                answer: .label(label),
                via: .answer,
                times: Verdict.Times(committed: clock),
                stamps: record.stamps(ai),
                countedAs: ai.map { ai in
                    VerdictClass(
                        answer: .label(label),
                        output: nil,
                        ai: AIAnswer(label: ai.label, output: ai.output, accepts: false)
                    )
                }
            )
            write(.verdict, caseKey: row.entry.caseKey, verdict.json)
            return
        }
        throw MissingCase()
    }

    struct MissingCase: Error {}

    /// Changes the place in a feed that the next sync tells.
    mutating func place(_ cursor: Cursor) { cursors[cursor.feed] = cursor }

    /// A request with everything after `skipping` entries.
    func request(
        skipping: Int = 0,
        deltas: [Delta] = [],
        asking budget: ReplyBudget = .whole,
        hub: HubName,
        at time: Timestamp
    ) -> SyncCall {
        var end = NodeEnd(hub: NodeEnd.KnownHub(id: hub.id, keys: []), cryptography: .crypto)
        let effects = end.start(
            Hello(log: log),
            outbox: Array(entries.dropFirst(skipping)),
            deltas: deltas,
            cursors: cursors.values.sorted { $0.feed < $1.feed },
            asking: budget
        )
        guard case .send(let body)? = effects.first else { preconditionFailure("a start sends") }
        let signature = RequestSignature(
            method: "POST",
            path: "/v1/sync",
            hub: hub.id,
            digest: sha256(body),
            created: time.milliseconds / 1000,
            nonce: systemRandomness(16).hexadecimal,
            log: log
        )
        let headers = Dictionary(
            signature.headers(sign: keys.sign).map { ($0.name, $0.value) }
        ) { first, _ in first }
        return SyncCall(path: "/v1/sync", body: body) { headers[$0] }
    }

    /// One round trip, everything pushed again, and whatever comes down applied.
    ///
    /// Returns how large the reply was.
    @discardableResult
    mutating func sync(
        with hub: TemporaryHub,
        deltas: [Delta] = [],
        asking budget: ReplyBudget = .whole
    ) throws -> Int {
        let office = hub.office
        var end = NodeEnd(
            hub: NodeEnd.KnownHub(id: office.store.hubID, keys: [office.keys.working]),
            cryptography: .crypto
        )
        // The very request, begun again by the node's end that reads the reply.
        _ = end.start(
            Hello(log: log),
            outbox: entries,
            deltas: deltas,
            cursors: cursors.values.sorted { $0.feed < $1.feed },
            asking: budget
        )
        let call = request(
            deltas: deltas,
            asking: budget,
            hub: try office.store.hub(),
            at: hub.now
        )
        results = []
        resets = []
        more = false
        let reply = try office.sync(call)
        for effect in end.take(reply) {
            switch effect {
            case .apply(let page, let cursor):
                cursors[cursor.feed] = cursor
                rows += page.rows.map(\.document)
            case .received(_, let received): results += received
            case .reset(let feed, let cursor):
                cursors[feed] = cursor
                resets.append(feed)
            case .failed(let error): throw error
            case .finished(let told): more = told
            case .send, .learned, .greeted, .through, .revoked: break
            }
        }
        return reply.count
    }
}

extension TemporaryHub {
    /// A machine of a reviewer who is there, enrolled.
    func node(of reviewer: String) throws -> TestNode {
        let node = try TestNode(at: now)
        _ = try office.enrol(try node.enrolment(try office.token(for: reviewer, url: nil)))
        return node
    }
}

import Review
import Sync
import Simulator
import TestSupport
import Testing

/// A hub with one workflow and some reviewers, each on one machine.
struct HubFixture {
    var hub = MemoryHub()
    var nodes: [String: MemoryNode] = [:]
    private var seed: UInt64 = 0

    init(
        reviewers: [String] = ["anna"],
        seniors: Set<String> = [],
        opinions: Int = 1,
        blind: Bool = false,
        reveal: CaseRecord.Reveal = .local,
        adjudicate: Terms.Adjudication = .senior,
        cases: [String] = ["T-1"]
    ) throws {
        change { draft in
            draft.activate(
                workflow: "refunds",
                policy: Sample.policy,
                phase: 1,
                yaml: "",
                tree: [:],
                by: "admin"
            )
        }
        for name in reviewers {
            let role: Reviewer.Role = seniors.contains(name) ? .senior : .reviewer
            change { draft in try? draft.enlist(Reviewer(name: name, workflows: nil, role: role)) }
            var node = MemoryNode(reviewer: name, number: 1, hub: hub.name)
            let first = node.commit(.epoch, ["parent": ""], random: random())
            change { draft in _ = draft.enrol(node.device, first: first) }
            nodes[name] = node
        }
        for id in cases {
            let routed = Sample.routed(
                Sample.routing(opinions: opinions, blind: blind),
                adjudicate: adjudicate,
                reveal: reveal
            )
            change(Wanted(names: [Sample.refund(id).name])) { draft in
                _ = try? draft.intake(Sample.refund(id)) { _, _, _ in routed }
            }
        }
        for name in reviewers { sync(name) }
    }

    mutating func random() -> Randomness {
        seed += 1
        return seededRandomness(seed)
    }

    mutating func change(_ wanted: Wanted = Wanted(), _ decide: (inout HubDraft) -> Void) {
        hub.ingest(wanted, now: Sample.noon, random: random()) { draft in decide(&draft) }
    }

    /// Hands documents in as one request, in the order given.
    mutating func push(
        _ documents: [Document],
        from name: String,
        signatureHolds: Bool = true
    ) throws -> [PushResult] {
        let device = try #require(nodes[name]?.device)
        let signer =
            signatureHolds
            ? device : Device(id: device.id, reviewer: name, name: "another", key: [1])
        let pushed = documents.map { Pushed($0, of: signer, .cheap) }
        var results: [PushResult] = []
        change(Wanted(pushing: documents.map(\.entry))) { draft in
            results = draft.push(pushed, from: device)
        }
        return results
    }

    /// A whole sync of a node over a network that does its work; the effects it had.
    @discardableResult
    mutating func sync(
        _ name: String,
        batch: Int = .max,
        asking budget: ReplyBudget = .whole,
        pace: HubPace = HubPace()
    ) -> [NodeEnd.Effect] {
        guard var node = nodes[name] else { return [] }
        var end = NodeEnd(
            hub: NodeEnd.KnownHub(id: hub.name.id, keys: [hub.key.bytes]),
            cryptography: .cheap
        )
        var effects = end.start(
            Hello(log: node.log),
            outbox: Array(node.outbox.prefix(batch)),
            deltas: [],
            cursors: node.cursors.values.sorted { $0.feed < $1.feed },
            asking: budget
        )
        guard case .send(let body)? = effects.first,
            let reply = try? hub.answer(body, now: Sample.noon, pace: pace, random: random())
        else { return [] }
        effects = end.take(reply)
        for effect in effects { node.execute(effect, random: seededRandomness(1)) }
        nodes[name] = node
        return effects
    }

    /// A reviewer answers a case on their machine, with no connection.
    mutating func decide(
        _ name: String,
        _ answer: Verdict.Answer,
        on id: String = "T-1",
        output: JSON? = nil
    ) throws -> Document {
        let key = try key(of: id)
        let random = random()
        var node = try #require(nodes[name])
        let document = node.decide(key, answer, output: output, now: Sample.noon, random: random)
        nodes[name] = node
        return try #require(document)
    }

    /// A reviewer's machine writes whatever it is told to.
    mutating func commit(
        _ name: String,
        _ kind: Entry.Kind,
        _ key: String,
        _ json: JSON
    ) throws -> Document {
        let random = random()
        var node = try #require(nodes[name])
        defer { nodes[name] = node }
        return node.commit(kind, caseKey: key, json, random: random)
    }

    func key(of id: String) throws -> String {
        try #require(hub.rows.values.first { $0.name.id == id }?.key)
    }

    func dossier(_ id: String = "T-1") throws -> Dossier { hub.dossier(try key(of: id)) }
}

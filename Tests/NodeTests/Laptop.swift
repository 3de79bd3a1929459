import Crypto
import Foundation
import Node
import Replica
import Review
import Sync

/// Ana's machine in a temporary folder, enrolled with a paper hub, and what reaches it.
final class Laptop {
    let hub = PaperHub(reviewer: "ana")
    let home: NodeHome
    let desk: Desk
    static let noon = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws {
        let folder = NSTemporaryDirectory() + "countersign-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        home = NodeHome(folder: folder)
        let key = Curve25519.Signing.PrivateKey()
        try key.rawRepresentation.write(to: URL(fileURLWithPath: folder + "/device.key"))
        let publicKey = [UInt8](key.publicKey.rawRepresentation)
        let log = LogName(
            device: KeyName.device(publicKey, hash: Cryptography.system.hash),
            epoch: "1.00000000000000aa"
        )
        var pen = Pen(
            log: log,
            head: LogHead(),
            cryptography: .system,
            sign: { (try? key.signature(for: $0)).map { [UInt8]($0) } ?? [] },
            random: systemRandomness
        )
        let identity = Identity(
            reviewer: "ana",
            device: log.device,
            deviceName: "laptop",
            key: publicKey,
            hub: hub.name.id,
            url: "http://127.0.0.1:1",
            root: hub.rootKey
        )
        try ReplicaFile.create(
            path: home.replicaPath,
            identity,
            first: pen.write(.epoch, ["parent": "", "reason": "enrolled"]),
            workingKeys: [hub.publicKey],
            at: Self.noon
        )
        desk = try Desk(home: home, now: { Self.noon })
    }

    deinit { try? FileManager.default.removeItem(atPath: home.folder) }

    func session(isPiped: Bool = true) -> Session {
        Session(desk, columns: 80, isPlain: false, isPiped: isPiped, workflow: nil, limit: nil)
    }
}

// MARK: - What reaches it

extension Laptop {
    /// A refund that asks for ana, in one page.
    @discardableResult
    func receives(
        _ id: String,
        amount: Int = 840,
        blind: Bool = false,
        reveal: CaseRecord.Reveal = .local,
        accepts: Bool = false,
        text: String = "My parcel came nine days late.",
        attachments: [JSON] = []
    ) throws -> CaseName {
        let json: JSON = [
            "workflow": "refunds", "id": .string(id), "title": "Refund 840.00 EUR: SECRET-TITLE",
            "neutralTitle": "A refund request", "input": ["text": .string(text)],
            "output": ["decision": "approve", "secret": "SECRET-OUTPUT"], "label": "approve",
            "confidence": 0.9375, "model": ["id": "m", "version": "1"],
            "context": ["reasoning": ["SECRET-REASON"]], "attributes": ["amount": .integer(amount)],
            "attachments": .array(attachments),
        ]
        let subject = try Case(json)
        let revision = subject.revision(Cryptography.system.hash)
        let routing = Routing(
            review: .before,
            disposition: .hold,
            reasons: [
                Routing.Reason(
                    placement: .exception,
                    sentence: "amount \(amount) is over 500",
                    readsProposal: false
                ),
                Routing.Reason(
                    placement: .confidence,
                    sentence: "SECRET-SUMMARY",
                    readsProposal: true
                ),
            ],
            why: [
                Routing.Why(
                    rule: "over-limit",
                    result: .yes,
                    values: ["attributes.amount": .integer(amount)]
                ),
                Routing.Why(
                    rule: "confidence",
                    result: .yes,
                    values: ["ppm": 937_500],
                    readsProposal: true
                ),
            ],
            k: 1,
            core: false,
            ppm: 937_500,
            bin: 86,
            blind: blind,
            opinions: 1,
            authority: .reviewer,
            segment: "",
            due: nil,
            phase: 1
        )
        let policy = Cryptography.system.hash(Array("policy".utf8))
        let record = CaseRecord(
            subject,
            revision: revision,
            routing: routing,
            policy: policy,
            policyEpoch: 1,
            reveal: reveal,
            labels: accepts ? ["accept", "amend", "reject"] : ["approve", "deny", "partial"],
            accepts: accepts
        )
        let proposal = Proposal(
            subject,
            revision: revision,
            routing: routing,
            label: accepts ? "accept" : "approve"
        )
        let terms = Terms(
            name: subject.name,
            revision: revision,
            round: 1,
            policy: policy,
            opinions: 1,
            authority: .reviewer,
            adjudicate: .senior
        )
        let assignment = Assignment(
            name: subject.name,
            revision: revision,
            round: 1,
            reviewer: "ana",
            due: nil,
            at: Self.noon
        )
        let key = "k-" + id
        var documents = [hub.write(.case, key, record.json)]
        if !(blind && reveal == .hub) { documents.append(hub.write(.proposal, key, proposal.json)) }
        documents.append(hub.write(.terms, key, terms.json))
        documents.append(hub.write(.assignment, key, assignment.json))
        try apply(documents)
        return subject.name
    }

    func apply(_ documents: [Document]) throws {
        let (page, cursor) = hub.page(documents)
        try desk.replica.apply(.pages([(page, cursor)]), at: Self.noon)
    }
}

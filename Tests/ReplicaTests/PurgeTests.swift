import Foundation
import GRDB
import Replica
import Review
import Sync
import TestSupport
import Testing

/// A replica, and a hub that sends it what it is told to.
private struct Sent {
    let path = NSTemporaryDirectory() + "replica-\(UUID().uuidString).sqlite"
    let replica: ReplicaFile
    private let log = LogName(device: "d1", epoch: "1.00000000000000aa")
    private let hub = HubName(id: "h1", epoch: "1.0000000000000001")
    private var hubPen: Pen
    private var place: FeedHead
    private var hubSeq: Int64 = 0
    /// What was said last, by its kind.
    private var said: [String: Document] = [:]

    init() throws {
        let identity = Identity(
            reviewer: "ana",
            device: log.device,
            deviceName: "laptop",
            key: [1],
            hub: hub.id,
            url: "http://127.0.0.1:1",
            root: [2]
        )
        func pen(_ log: LogName) -> Pen {
            Pen(
                log: log,
                head: LogHead(),
                cryptography: .cheap,
                sign: CheapKey(log.device).sign,
                random: seededRandomness(1)
            )
        }
        var own = pen(log)
        let first = own.write(.epoch, ["parent": "", "reason": "enrolled"])
        try ReplicaFile.create(path: path, identity, first: first, workingKeys: [], at: Sample.noon)
        replica = try ReplicaFile(path: path)
        hubPen = pen(hub.log)
        place = FeedHead(hub: hub, feed: "reviewer/ana", hash: cheapHash)
    }

    /// The hub says something about the case, or sends what it said before.
    mutating func say(_ statements: Review.Statement...) throws {
        for statement in statements {
            let document = hubPen.write(statement, caseKey: "k1")
            said[statement.kind.rawValue] = document
            hubSeq += 1
            try send(document, hubSeq: hubSeq)
        }
    }

    mutating func sendAgain(_ kind: String) throws {
        guard let document = said[kind] else { return }
        try send(document, hubSeq: document.entry.seq)
    }

    private mutating func send(_ document: Document, hubSeq: Int64) throws {
        let end = place.appending(document.entry.uid, hash: cheapHash)
        let page = Page(
            head: PageHead(
                hubEpoch: hub.epoch,
                feed: "reviewer/ana",
                from: place,
                to: end,
                more: false
            ),
            rows: [FeedRow(seq: end.seq, hubSeq: hubSeq, document: document)]
        )
        let cursor = Sync.Cursor(hubEpoch: hub.epoch, feed: "reviewer/ana", head: end)
        try replica.apply(.pages([(page, cursor)]), at: Sample.noon)
        place = end
    }

    /// The case, its request, and the AI's answer.
    mutating func ask() throws {
        try say(.record(Self.record), .proposal(Self.proposal), .terms(Self.terms))
        try say(.assignment(Self.assignment))
    }

    /// The reviewer answers; the hub signs for it where it has `receivedAt` a place.
    func answer(receivedAt hubSeq: Int64?) throws {
        let document = try replica.commit(on: nil, at: Sample.noon) { view in
            var pen = Pen(
                log: view.log,
                head: view.head,
                cryptography: .cheap,
                sign: CheapKey("d1").sign,
                random: seededRandomness(2)
            )
            var commitment = Commitment()
            let document = pen.write(.verdict(Self.verdict), caseKey: "k1")
            commitment.documents = [document]
            return (commitment, document)
        }
        if let hubSeq { try receive(document, at: hubSeq) }
    }

    private func receive(_ document: Document, at hubSeq: Int64) throws {
        let receipt = Receipt(
            log: log,
            from: 1,
            to: document.entry.seq,
            head: document.entry.uid,
            results: Sample.digest(1),
            hubEpoch: hub.epoch,
            hubSeq: hubSeq
        )
        try replica.apply(.received(receipt, []), at: Sample.noon)
    }

    /// What would go under a watermark.
    func purgeable(_ watermark: Int64, of epoch: String? = nil, daysLater: Int64 = 0) throws -> Int
    {
        try replica.purgeable(order(watermark, epoch, daysLater), after: "", limit: 10).keys.count
    }

    func order(_ watermark: Int64, _ epoch: String? = nil, _ daysLater: Int64 = 0) -> PurgeOrder {
        PurgeOrder(
            watermark: Watermark(hubEpoch: epoch ?? hub.epoch, hubSeq: watermark),
            settledBefore: Sample.noon.advanced(byMilliseconds: daysLater * 86_400_000)
        )
    }

    // MARK: What is said

    static let subject = Sample.refund("T-1")
    static let revision = subject.revision(cheapHash)
    static let routed = Sample.routed(Sample.routing(), adjudicate: .senior, reveal: .local)
    static let record = CaseRecord(
        subject,
        revision: revision,
        routing: routed.routing,
        policy: routed.policy,
        policyEpoch: 1,
        reveal: routed.reveal,
        labels: routed.labels,
        accepts: routed.accepts
    )
    static let proposal = Proposal(
        subject,
        revision: revision,
        routing: routed.routing,
        label: routed.label
    )
    static let terms = Terms(
        name: subject.name,
        revision: revision,
        round: 1,
        policy: routed.policy,
        opinions: 1,
        authority: .reviewer,
        adjudicate: .senior
    )
    static let assignment = Assignment(
        name: subject.name,
        revision: revision,
        round: 1,
        reviewer: "ana",
        due: nil,
        at: Sample.noon
    )
    static let withdrawal = Withdrawal(
        name: subject.name,
        revision: revision,
        round: 1,
        reviewer: "ana",
        by: "olga"
    )
    static let verdict = Verdict(
        reviewer: "ana",
        name: subject.name,
        revision: revision,
        policy: routed.policy,
        round: 1,
        assignment: nil,
        answer: .label("deny"),
        via: .session,
        times: Verdict.Times(committed: Sample.noon),
        stamps: record.stamps(proposal),
        countedAs: nil
    )
}

@Suite("What a replica purges")
struct PurgeTests {
    private let noon = Sample.noon

    @Test func `a case that was taken back, once the watermark covers all that is here about it`()
        throws
    {
        var sent = try Sent()
        try sent.ask()
        #expect(try sent.purgeable(1000) == 0, "it is open")
        try sent.say(.withdrawal(Sent.withdrawal))
        #expect(try sent.purgeable(4) == 0, "the withdrawal itself is not in the backup")
        #expect(try sent.purgeable(5, of: "2.0000000000000002") == 0, "of another past")
        #expect(try sent.purgeable(5) == 1)
    }

    @Test func `not before the hub has signed for what was decided here, within the watermark`()
        throws
    {
        var sent = try Sent()
        try sent.ask()
        try sent.answer(receivedAt: nil)
        try sent.say(.withdrawal(Sent.withdrawal))
        #expect(try sent.purgeable(1000) == 0)
        sent = try Sent()
        try sent.ask()
        try sent.answer(receivedAt: 9)
        try sent.say(.withdrawal(Sent.withdrawal))
        #expect(try sent.purgeable(8) == 0)
        #expect(try sent.purgeable(9) == 1)
    }

    @Test func `one that is sealed, after its time`() throws {
        var sent = try Sent()
        try sent.ask()
        try sent.answer(receivedAt: 5)
        let dossier = try #require(try sent.replica.find(Sent.subject.name)).dossier
        let outcome = try #require(dossier.outcome)
        let seal = Seal(
            name: outcome.name,
            revision: outcome.revision,
            round: 1,
            terms: try #require(dossier.currentTerms).uid,
            considered: dossier.considerable,
            outcome: outcome
        )
        try sent.say(.seal(seal))
        #expect(try sent.purgeable(9) == 0)
        #expect(try sent.purgeable(9, daysLater: 1) == 1)

        try sent.replica.apply(.purged(["k1"], sent.order(9, nil, 1)), at: noon)
        let after = try #require(try sent.replica.find(Sent.subject.name))
        #expect(after.dossier.current == nil)
        #expect(after.dossier.statuses() == dossier.statuses(), "what became of it is still known")
        #expect(after.dossier.seal?.value == seal)
    }

    @Test func `bytes go from the file, headers stay, and it comes whole when it comes again`()
        throws
    {
        var sent = try Sent()
        try sent.ask()
        try sent.say(.withdrawal(Sent.withdrawal))
        let word = Data("My parcel came late.".utf8)
        func holds() throws -> Bool {
            try ["", "-wal"].contains { ending in
                let file = URL(fileURLWithPath: sent.path + ending)
                return try FileManager.default.fileExists(atPath: file.path)
                    && Data(contentsOf: file).range(of: word) != nil
            }
        }
        #expect(try holds())
        let before = try sent.replica.status(dueBy: noon)
        try sent.replica.apply(.purged(["k1"], sent.order(9)), at: noon)
        try sent.replica.apply(
            .searched(PurgeProgress(watermark: sent.order(9).watermark, begun: noon), found: true),
            at: noon
        )
        #expect(try !holds())
        var entries: [Bool] = []
        try sent.replica.eachEntry { document, _ in entries.append(document.payload == nil) }
        #expect(entries.count(where: { $0 }) == 2 && entries.count == 6)
        #expect(try sent.replica.purgedEntries().count == 2)
        let after = try sent.replica.status(dueBy: noon)
        #expect(before.notes.freedCases == 0 && after.notes.freedCases == 1)
        #expect(after.notes.freedBytes > 500)
        #expect(try sent.purgeable(9) == 0, "what is gone is not looked for again")

        try sent.sendAgain("case")
        try sent.sendAgain("proposal")
        try sent.say(.assignment(Sent.assignment))
        let subject = try #require(try sent.replica.find(Sent.subject.name))
        #expect(subject.state == .open)
        #expect(subject.dossier.proposal?.value == Sent.proposal)
        #expect(try sent.purgeable(1000) == 0)
    }

    /// What a search found may have been answered, or have come again, before it is purged.
    @Test func `not what changed after it was found`() throws {
        var sent = try Sent()
        try sent.ask()
        try sent.say(.withdrawal(Sent.withdrawal))
        #expect(try sent.purgeable(9) == 1)
        try sent.say(.assignment(Sent.assignment))
        try sent.replica.apply(.purged(["k1"], sent.order(9)), at: noon)
        #expect(try sent.replica.find(Sent.subject.name)?.dossier.current != nil)
    }
}

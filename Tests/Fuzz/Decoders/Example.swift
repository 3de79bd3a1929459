import Escalation
import Review
import Sync
import TestSupport

/// Well-made values of every kind that is decoded: what the fuzzer begins with.
enum Example {
    static let key = CheapKey("example")
    static let hub = HubName(id: "h0123456789abcdef", epoch: "1.0123456789abcdef")
    static let hello = Hello(log: LogName(device: "d1", epoch: "1.0"), holds: 1, agreement: [1])

    /// One case, what two people and the hub said of it, and what it came to.
    private static let story: Story = {
        var story = Story(opinions: 2, blind: true)
        let first = story.says("anna", "approve", blindly: "deny")
        story.says("anna", "deny", output: ["decision": "deny"], replacing: [first])
        story.abstains("ben", .needsContext)
        return story
    }()

    static let dossier = story.dossier

    /// An entry of each kind that says something about a case, but for those that only Sync makes.
    static let statements: [Statement] = {
        guard let outcome = resolve(dossier), let name = dossier.name else { return [] }
        let revision = outcome.revision
        let seal = Seal(
            name: name,
            revision: revision,
            round: 1,
            terms: Sample.digest(3),
            considered: outcome.counted,
            outcome: outcome
        )
        let assignment = Assignment(
            name: name,
            revision: revision,
            round: 1,
            reviewer: "anna",
            due: Sample.noon,
            at: Sample.noon
        )
        let told =
            dossier.verdicts.map { Statement.verdict($0.value) }
            + dossier.cases.map { .record($0.value) } + dossier.terms.map { .terms($0.value) }
            + dossier.proposals.map { .proposal($0.value) }
        return told + [
            .outcome(outcome), .seal(seal), .assignment(assignment),
            .withdrawal(Withdrawal(name: name, revision: revision, round: 1, reviewer: "ben")),
            .reopening(Reopening(name: name, revision: revision, round: 2, because: "once more")),
        ]
    }()

    static let kinds: [Entry.Kind] = [
        .case, .proposal, .terms, .assignment, .withdrawal, .verdict, .retract, .release, .outcome,
        .seal, .reopen, .ruling, .acted,
    ]

    static func index(of kind: String) -> UInt8 {
        UInt8(kinds.firstIndex { $0.rawValue == kind } ?? 0)
    }

    static let documents: [Document] = {
        var pen = Pen(
            log: hub.log,
            head: LogHead(),
            cryptography: .cheap,
            sign: key.sign,
            random: seededRandomness(1)
        )
        return statements.map { pen.write($0, caseKey: "c1") }
    }()
}

// MARK: - Bodies

extension Example {
    static let cursor = Cursor(
        hubEpoch: hub.epoch,
        feed: "hub",
        head: FeedHead(hub: hub, feed: "hub", hash: cheapHash)
    )

    static let page: Page = {
        var end = cursor.head
        let rows = documents.prefix(3).enumerated().map { index, document in
            end = end.appending(document.entry.uid, hash: cheapHash)
            return FeedRow(seq: end.seq, hubSeq: Int64(index + 1), document: document)
        }
        let head = PageHead(
            hubEpoch: hub.epoch,
            feed: "hub",
            from: cursor.head,
            to: end,
            more: false
        )
        return Page(head: head, rows: rows)
    }()

    static let result = PushResult(log: hello.log, seq: 1, result: .accepted)

    static let receipt: Receipt = {
        let receipt = Receipt(
            log: hello.log,
            from: 1,
            to: 1,
            head: Sample.digest(1),
            results: Receipt.digest(of: [result], hash: cheapHash),
            hubEpoch: hub.epoch,
            hubSeq: 9
        )
        let signed = SignedRecord.sign(receipt.json, as: .receipt, by: key.sign)
        return Receipt(json: signed) ?? receipt
    }()

    static let delta = Delta(
        log: hello.log,
        scope: Stamps.Scope(
            workflow: "refunds",
            modelVersion: "1",
            segment: "email",
            policyEpoch: 1
        ),
        through: 1,
        head: Sample.digest(1),
        counts: [Tally.Bucket(bin: 85, k: 1, blind: false, kind: .agree): 3],
        sign: key.sign
    )

    static let request: [Record] =
        [
            .word(.hello, hello.json), .word(.cursor, cursor.json),
            .word(.budget, ReplyBudget.whole.json),
        ]
        + [.delta(signature: delta.signature, line: delta.line), .word(.receipt, receipt.signed)]
        + documents.flatMap(Record.document) + [.word(.end, [:])]

    static let reply: [Record] = {
        // The digest of the request that a node sends which has nothing to say.
        var end = NodeEnd(hub: .init(id: hub.id, keys: [[1]]), cryptography: .cheap)
        let sent = end.start(hello, outbox: [], deltas: [], cursors: [cursor])
        guard case .send(let body)? = sent.first else { return [] }
        let greeting = Greeting(
            hub: hub,
            time: Sample.noon,
            watermark: 0,
            request: cheapHash(body)
        )
        let through = Through(epoch: "1.0", head: LogHead(seq: 1, uid: Sample.digest(1)))
        return [
            .word(.hub, SignedRecord.sign(greeting.json, as: .hub, by: key.sign)),
            .word(.receipt, receipt.signed), .word(.through, through.json),
            .word(.result, result.json), .word(.reset, ["feed": "me"]),
        ] + page.records(sign: key.sign) + [.word(.end, [:])]
    }()

    static let bundle: SyncBundle = {
        let sealed = BundleHeader.SealedKey(recipient: [1, 2], encapsulated: [3], key: [4, 5, 6])
        let header = BundleHeader(.init(up: hello.log.device, hub: hub.id), keys: [sealed])
        return SyncBundle(header, sealed: [1, 2, 3], hash: cheapHash, sign: key.sign)
    }()

    static func written(_ record: Record) -> [UInt8] {
        var bytes: [UInt8] = []
        record.write(to: &bytes)
        return bytes
    }
}

// MARK: - Texts

extension Example {
    static let token = Token(
        hub: "https://hub.example",
        root: Sample.digest(1),
        authority: Sample.digest(2),
        secret: [UInt8](repeating: 9, count: 16)
    )

    static let signature = RequestSignature(
        method: "POST",
        path: "/v1/sync",
        hub: hub.id,
        digest: Sample.digest(1),
        created: 1_800_000_000,
        nonce: "0123456789abcdef",
        log: hello.log
    )

    static let item: JSON = [
        "workflow": "refunds", "id": "T-1029", "title": "Refund 1.00 EUR", "subject": "customer:1",
        "input": ["text": "My parcel came late."], "output": ["decision": "approve"],
        "label": "approve", "confidence": 0.93, "model": ["id": "m", "version": "1"],
        "context": ["reasoning": ["The parcel was late."]], "attributes": ["amount": 840],
        "action": ["state": "pending"],
    ]

    static let policyTree: PolicyTree = {
        let json = """
            [1,1,"map",[[1,1,"workflow",[1,11,"plain","refunds"]],\
            [2,1,"labels",[2,9,"list",[[2,10,"plain","approve"],[2,19,"plain","deny"]]]],\
            [3,1,"rules",[3,8,"list",[[4,5,"map",[[4,5,"name",[4,11,"plain","large"]],\
            [5,5,"when",[5,11,"plain","attributes.amount > 500"]],\
            [6,5,"review",[6,13,"plain","before"]]]]]]],\
            [7,1,"sample",[7,9,"map",[[7,10,"oneIn",[7,17,"plain","10"]]]]]]]
            """
        guard let parsed = try? JSON(parsing: json), let tree = PolicyTree(json: parsed) else {
            preconditionFailure("the example is a policy's tree")
        }
        return tree
    }()

    static let policy = Policy.parse(policyTree).policy
    static let standing = Standing(phase: 1, now: Sample.noon) { _, _ in .max }
    static let scope = Scope([
        "attributes": Value(["amount": 840]), "label": .string("deny"),
        "input": Value(["text": "a"]),
        "output": Value(["a": [1, 2.5, .null, true]]), "confidence": .double(0.5),
    ])
}

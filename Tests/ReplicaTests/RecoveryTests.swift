import Foundation
import Replica
import Review
import Sync
import TestSupport
import Testing

/// **ReceiptHolds**: what a hub lost is back after one sync of any holder.
@Suite("What a replica holds of a hub that went back")
struct RecoveryTests {
    private let feed = "reviewer/ana"

    private func make() throws -> ReplicaFile {
        let path = NSTemporaryDirectory() + "replica-\(UUID().uuidString).sqlite"
        let log = LogName(device: "d1", epoch: "1.00000000000000aa")
        let identity = Identity(
            reviewer: "ana",
            device: log.device,
            deviceName: "laptop",
            key: [1],
            hub: "h1",
            url: "http://127.0.0.1:1",
            root: [2]
        )
        let first = document(log, .epoch, ["parent": "", "reason": "enrolled"])
        try ReplicaFile.create(path: path, identity, first: first, workingKeys: [], at: Sample.noon)
        return try ReplicaFile(path: path)
    }

    private func document(_ log: LogName, _ kind: Entry.Kind, _ content: JSON) -> Document {
        var pen = Pen(
            log: log,
            head: LogHead(),
            cryptography: .cheap,
            sign: CheapKey(log.device).sign,
            random: seededRandomness(1)
        )
        return pen.write(kind, content)
    }

    /// The hub greets in one of its epochs, and the feed starts anew in it.
    private func begin(_ generation: Int, _ replica: ReplicaFile) throws -> FeedHead {
        let hub = HubName(id: "h1", epoch: "\(generation).0000000000000001")
        let greeting = Greeting(
            hub: hub,
            time: Sample.noon,
            watermark: 0,
            request: Sample.digest(1)
        )
        let head = FeedHead(hub: hub, feed: feed, hash: cheapHash)
        let cursor = Sync.Cursor(hubEpoch: hub.epoch, feed: feed, head: head)
        try replica.apply(.greeted(greeting, at: Sample.noon), at: Sample.noon)
        try replica.apply(.reset(feed: feed, cursor), at: Sample.noon)
        return head
    }

    @Test func `is handed in again where the hub goes back before it has come down`() throws {
        let replica = try make()
        let lost = document(
            LogName(device: "h1", epoch: "1.0000000000000001"),
            .policy,
            ["number": 1]
        )
        let start = try begin(1, replica)
        let end = start.appending(lost.entry.uid, hash: cheapHash)
        let epoch = "1.0000000000000001"
        let page = Page(
            head: PageHead(hubEpoch: epoch, feed: feed, from: start, to: end, more: false),
            rows: [FeedRow(seq: 1, hubSeq: 1, document: lost)]
        )
        let cursor = Sync.Cursor(hubEpoch: epoch, feed: feed, head: end)
        try replica.apply(.pages([(page, cursor)]), at: Sample.noon)
        for generation in 2...3 {
            _ = try begin(generation, replica)
            #expect(try replica.heldFromBefore(bytes: .max).documents == [lost])
            try replica.apply(
                .handedIn([lost], isAll: true, hubEpoch: "\(generation).0000000000000001"),
                at: Sample.noon
            )
            #expect(try replica.heldFromBefore(bytes: .max).documents.isEmpty)
            #expect(try replica.status(dueBy: Sample.noon).notes.mayHold == false)
        }
    }

    // MARK: What the hub signed for

    private let hub = HubName(id: "h1", epoch: "1.0000000000000001")

    /// Writes another entry of this device, in its present log or as the first of the next.
    private func write(
        _ kind: Entry.Kind,
        in epoch: String? = nil,
        _ replica: ReplicaFile
    ) throws -> Document {
        try replica.commit(on: nil, at: Sample.noon) { view in
            var pen = Pen(
                log: LogName(device: view.log.device, epoch: epoch ?? view.log.epoch),
                head: epoch == nil ? view.head : LogHead(),
                cryptography: .cheap,
                sign: CheapKey(view.log.device).sign,
                random: seededRandomness(UInt64(view.head.seq))
            )
            var commitment = Commitment()
            commitment.documents = [pen.write(kind, ["parent": "", "reason": "copied"])]
            return (commitment, commitment.documents[0])
        }
    }

    /// The hub signs for the beginning of a log, up to this.
    private func sign(for last: Document, _ replica: ReplicaFile) throws -> JSON {
        let receipt = Receipt(
            log: last.entry.log,
            from: 1,
            to: last.entry.seq,
            head: last.entry.uid,
            results: Sample.digest(2),
            hubEpoch: hub.epoch,
            hubSeq: 9
        )
        try replica.apply(.received(receipt, []), at: Sample.noon)
        return receipt.signed
    }

    private func outbox(_ replica: ReplicaFile) throws -> [Document] {
        try replica.outbox(bytes: .max)
    }

    @Test func `goes up again where the hub was shown its receipt, and lacks it still`() throws {
        let replica = try make()
        let first = try outbox(replica)[0]
        let lost = [try write(.note, replica), try write(.note, replica)]
        let receipt = try sign(for: lost[1], replica)
        let head = LogHead(seq: 1, uid: first.entry.uid)
        let through = [Through(epoch: first.entry.log.epoch, head: head)]

        try replica.apply(.through(through, hub, shown: []), at: Sample.noon)
        #expect(try outbox(replica).isEmpty)
        #expect(try replica.unfulfilled(through, hub) == [receipt])
        try replica.apply(.through(through, hub, shown: [receipt]), at: Sample.noon)
        #expect(try outbox(replica) == lost)
        #expect(try replica.unfulfilled(through, hub).isEmpty)
    }

    @Test func `is missed where the hub tells nothing of its log`() throws {
        let replica = try make()
        let first = try outbox(replica)[0]
        let receipt = try sign(for: first, replica)
        let next = try write(.epoch, in: "2.00000000000000bb", replica)
        let through = [Through(epoch: next.entry.log.epoch, head: LogHead())]
        #expect(try replica.unfulfilled(through, hub) == [receipt])
    }

    /// The hub's head of a copied log is another branch's: it tells nothing of this one.
    @Test func `of a log that was copied is shown with the first entries of the next`() throws {
        let replica = try make()
        _ = try begin(1, replica)
        let lost = try write(.note, replica)
        let receipt = try sign(for: lost, replica)
        #expect(try replica.receiptsOfEarlierLogs().isEmpty)

        let next = try write(.epoch, in: "2.00000000000000bb", replica)
        #expect(try replica.receiptsOfEarlierLogs() == [receipt])
        _ = try sign(for: next, replica)
        #expect(try replica.receiptsOfEarlierLogs().isEmpty)
    }
}

import Review
import Sync
import TestSupport
import Testing

/// The edges of pages, where sync bugs live: **NoGaps**.
@Suite("Whether a page follows on a cursor")
struct PageTests {
    private static let hub = HubName(id: "h1", epoch: "1.0")
    private static let length = 6

    /// Where a feed of six rows stands after each of them.
    private static let heads: [FeedHead] = (1...length).reduce(
        into: [FeedHead(hub: hub, feed: "hub", hash: cheapHash)]
    ) { heads, number in
        let last = heads[heads.count - 1]
        heads.append(last.appending(documents[number - 1].entry.uid, hash: cheapHash))
    }

    private static let documents: [Document] = {
        var pen = Pen(
            log: hub.log,
            head: LogHead(),
            cryptography: .cheap,
            sign: CheapKey("hub").sign,
            random: seededRandomness(1)
        )
        return (0..<length).map { pen.write(.policy, ["number": .integer($0)]) }
    }()

    static func page(_ from: Int, _ to: Int) -> Page {
        let head = PageHead(
            hubEpoch: hub.epoch,
            feed: "hub",
            from: heads[from],
            to: heads[to],
            more: to < length
        )
        let rows = (from..<to).map { index in
            FeedRow(
                seq: Int64(index + 1),
                hubSeq: Int64(index + 1),
                document: documents[index]
            )
        }
        return Page(head: head, rows: rows)
    }

    @Test func `only where the cursor is within it, at every edge`() {
        for from in 0...Self.length {
            for to in from...Self.length {
                for cursor in 0...Self.length {
                    let end = Self.page(from, to).end(after: Self.heads[cursor], hash: cheapHash)
                    let expected = from <= cursor && cursor <= to ? Self.heads[to] : nil
                    #expect(end == expected, "page \(from)-\(to) at \(cursor)")
                }
            }
        }
    }

    @Test func `never where the reader's prefix is another`() {
        for from in 0...Self.length {
            for to in from...Self.length {
                for cursor in 0...Self.length {
                    let strange = FeedHead(seq: Int64(cursor), prefix: Sample.digest(cursor))
                    #expect(Self.page(from, to).end(after: strange, hash: cheapHash) == nil)
                }
            }
        }
    }

    enum Damage: CaseIterable {
        case missingFirst, missingLast, missingMiddle, swapped, repeated, otherEntry, otherEnd
    }

    @Test(arguments: Damage.allCases)
    func `never where its rows are not an unbroken chain`(damage: Damage) {
        let whole = Self.page(1, 5)
        var rows = whole.rows
        var head = whole.head
        switch damage {
        case .missingFirst: rows.removeFirst()
        case .missingLast: rows.removeLast()
        case .missingMiddle: rows.remove(at: 1)
        case .swapped: rows.swapAt(1, 2)
        case .repeated: rows[2] = rows[1]
        case .otherEntry:
            rows[2] = FeedRow(
                seq: 4,
                hubSeq: 4,
                document: Self.documents[0]
            )
        case .otherEnd:
            head = PageHead(
                hubEpoch: head.hubEpoch,
                feed: head.feed,
                from: head.from,
                to: FeedHead(seq: 5, prefix: Sample.digest(5)),
                more: head.more
            )
        }
        for cursor in 1...5 {
            let end = Page(head: head, rows: rows).end(
                after: Self.heads[cursor],
                hash: cheapHash
            )
            #expect(end == nil)
        }
    }

    @Test func `an empty one moves nothing`() {
        #expect(Self.page(3, 3).end(after: Self.heads[3], hash: cheapHash) == Self.heads[3])
    }

    @Test(arguments: [
        #"{"count":2,"epoch":"1.0","feed":"hub","from":0,"more":false,"to":1}"#,
        #"{"count":-1,"epoch":"1.0","feed":"hub","from":1,"more":false,"to":0}"#,
        #"{"count":1,"epoch":"1.0","feed":"hub","from":-1,"more":false,"to":0}"#,
        #"{"count":1,"epoch":"1.0","feed":"hub","from":0,"to":1}"#,
    ])
    func `a head that cannot be is none`(text: String) throws {
        var json = try #require(JSON(parsing: text).object)
        json["fromPrefix"] = Sample.digest(0).json
        json["toPrefix"] = Sample.digest(1).json
        #expect(PageHead(json: .object(json)) == nil)
        json.merge(["count": 1, "from": 0, "to": 1, "more": false]) { $1 }
        #expect(PageHead(json: .object(json)) != nil)
    }
}

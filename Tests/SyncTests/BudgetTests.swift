import Review
import Sync
import TestSupport
import Testing

@Suite("The budget of a sync")
struct BudgetTests {
    @Test(
        arguments: [
            (nil, nil, 9_000_000, 9_000_000, false),
            (10_000, nil, 6_000, 0, false),
            (10_000, nil, 6_928, 0, false),
            (10_000, nil, 6_929, 0, true),
            (10_000, nil, 20_000, 0, true),
            (nil, 30_000, 20_000, 29_999, false),
            (nil, 30_000, 0, 30_000, true),
            (10_000, 30_000, 0, 40_000, true),
        ] as [(Int?, Int64?, Int, Int64, Bool)]
    )
    func `is spent when another round trip could move nothing`(
        bytes: Int?,
        milliseconds: Int64?,
        sent: Int,
        passed: Int64,
        isSpent: Bool
    ) {
        let budget = Budget(bytes: bytes, milliseconds: milliseconds)
        #expect(budget.after(bytes: sent, milliseconds: passed).isSpent == isSpent)
    }

    /// What may go up, and what a reply may hold after a request of 1,000 bytes.
    @Test(
        arguments: [
            (nil, 2 << 20, 5_000_000, 5_000_000),
            (100_000, 96_928, 99_000, 99_000),
            (10_000_000, 2 << 20, 5_000_000, 5_000_000),
            (4_072, 1_000, 3_072, 3_072),
            (4_071, 999, 0, 1),
            (1, 0, 0, 1),
        ] as [(Int?, Int, Int, Int)]
    )
    func `is shared between what goes up and what comes down`(
        bytes: Int?,
        request: Int,
        afterEntries: Int,
        afterNone: Int
    ) {
        let budget = Budget(bytes: bytes)
        #expect(budget.request == request)
        #expect(budget.reply(toRequestOf: 1_000, handsIn: true).bytes == afterEntries)
        #expect(budget.reply(toRequestOf: 1_000, handsIn: false).bytes == afterNone)
    }

    @Test func `without limits asks for a whole reply`() {
        #expect(Budget().reply(toRequestOf: 1_000_000, handsIn: true) == .whole)
        #expect(Budget(milliseconds: 60_000).reply(toRequestOf: 1, handsIn: true) == .whole)
        let hurried = Budget(milliseconds: 700).reply(toRequestOf: 1, handsIn: true)
        #expect(hurried.json == ["bytes": 5_000_000, "ms": 700])
    }

    @Test(
        arguments: [
            (["bytes": 0, "ms": 5], 0, 5), (["bytes": -7, "ms": -7], 0, 0),
            (["bytes": 1e15, "ms": 1e15], 5_000_000, 10_000),
        ] as [(JSON, Int, Int64)]
    )
    func `is read within what the protocol allows`(json: JSON, bytes: Int, time: Int64) {
        let budget = ReplyBudget(json: json)
        #expect(budget?.bytes == bytes && budget?.milliseconds == time)
        #expect(ReplyBudget(json: ["bytes": "1"]) == nil)
    }

    // MARK: On the hub

    private func page(_ rows: Int, more: Bool = true) -> Page {
        var random = SplitMix64(seed: 7)
        let start = FeedHead(seq: 0, prefix: Sample.digest(0))
        let rows = (0..<rows).map { number in
            let noise = random.bytes(10_000)
            var pen = Pen(
                log: LogName(device: "h", epoch: "1.0"),
                head: LogHead(),
                cryptography: .cheap,
                sign: { _ in [] },
                random: seededRandomness(1)
            )
            let text = String(noise.map { Character(Unicode.Scalar($0 % 90 + 35)) })
            return FeedRow(
                seq: Int64(number + 1),
                hubSeq: 1,
                document: pen.write(.note, ["text": .string(text)])
            )
        }
        let head = PageHead(hubEpoch: "1.0", feed: "hub", from: start, to: start, more: more)
        return Page(head: head, rows: rows)
    }

    @Test func `the first page is always taken, the next only as far as it fits`() {
        let now = Sample.noon
        var small = PageAllowance(ReplyBudget(bytes: 1, milliseconds: 10), results: 0, since: now)
        #expect(small.wantsPages && !small.isSpent(at: now.advanced(byMilliseconds: 99)))
        var taken = [small.take(page(0))]
        #expect(!small.isSpent(at: now), "an empty page moves nothing")
        taken.append(small.take(page(1)))
        #expect(taken == [true, true] && small.isSpent(at: now))

        let budget = ReplyBudget(bytes: 25_000, milliseconds: 10)
        var two = PageAllowance(budget, results: 0, since: now)
        taken = [two.take(page(1)), two.take(page(2)), two.take(page(1))]
        #expect(taken == [true, false, true], "two would be more than was asked for")
        #expect(two.isSpent(at: now.advanced(byMilliseconds: 10)), "and no time is left")
    }

    @Test func `a page that does not fit says that there is one`() {
        let postponed = page(2, more: false).postponed
        #expect(postponed.rows.isEmpty && postponed.head.more)
        #expect(postponed.head.to == postponed.head.from)
        #expect(!page(0, more: false).postponed.head.more)
    }
}

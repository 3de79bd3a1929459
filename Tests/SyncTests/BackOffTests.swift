import Review
import Sync
import TestSupport
import Testing

@Suite("Keeping a distance")
struct BackOffTests {
    private let now = Sample.noon
    private func later(_ seconds: Int64) -> Timestamp {
        now.advanced(byMilliseconds: seconds * 1000)
    }

    @Test(arguments: [
        (1, 10_000), (2, 20_000), (3, 40_000), (5, 160_000), (6, 300_000), (1_000, 300_000),
    ])
    func `the ceiling of the wait doubles up to its longest`(failures: Int, ceiling: Int64) {
        #expect(BackOff.ceiling(afterFailures: failures) == ceiling)
    }

    @Test(arguments: [
        (UInt64(0), Int64(0)), (10_000, 10_000), (10_001, 0), (15_000, 4_999),
        (.max, Int64(UInt64.max % 10_001)),
    ])
    func `the wait lies anywhere between nothing and its ceiling`(random: UInt64, wait: Int64) {
        let failed = BackOff().failed(at: now, retryAfterSeconds: nil, random: random)
        #expect(failed.nextUnattended == now.advanced(byMilliseconds: wait))
        #expect(failed.failures == 1 && failed.hubAsksUntil == nil)
    }

    @Test func `a person may always try, a timer waits`() {
        let failed = BackOff().failed(at: now, retryAfterSeconds: nil, random: 5_000)
        #expect(failed.wait(at: now, isUnattended: false) == nil)
        #expect(failed.wait(at: now, isUnattended: true) == .own(until: later(5)))
        #expect(failed.wait(at: later(5), isUnattended: true) == nil)
    }

    @Test func `what the hub asks for binds both, and a timer waits its own time after it`() {
        let failed = BackOff().failed(at: now, retryAfterSeconds: 60, random: 5_000)
        for isUnattended in [false, true] {
            #expect(
                failed.wait(at: later(59), isUnattended: isUnattended)
                    == .hubAsks(until: later(60))
            )
        }
        #expect(failed.wait(at: later(60), isUnattended: false) == nil)
        #expect(failed.wait(at: later(60), isUnattended: true) == .own(until: later(65)))
        let again = failed.failed(at: later(10), retryAfterSeconds: nil, random: 0)
        #expect(again.hubAsksUntil == later(60), "a failure for another reason keeps it")
    }

    @Test(arguments: [(-5, 0), (0, 0), (86_400, 86_400), (86_401, 86_400), (.max, 86_400)])
    func `nobody in the hub's place can silence a node for longer than a day`(
        asked: Int64,
        taken: Int64
    ) {
        let failed = BackOff().failed(at: now, retryAfterSeconds: asked, random: 0)
        #expect(failed.hubAsksUntil == later(taken))
    }

    @Test func `what only a person can mend is left to one for a day`() {
        let failed = BackOff().failed(
            at: now,
            retryAfterSeconds: nil,
            isLasting: true,
            random: 5_000
        )
        #expect(failed.wait(at: now, isUnattended: false) == nil)
        #expect(failed.wait(at: later(86_399), isUnattended: true) == .own(until: later(86_400)))
    }

    @Test func `what the hub asked for before the clock was set back binds no failure after it`() {
        let asked = BackOff().failed(at: Sample.noon, retryAfterSeconds: 600, random: 0)
        let decadesAgo = Sample.noon.advanced(byMilliseconds: -50 * 365 * 86_400_000)
        let failed = asked.failed(at: decadesAgo, retryAfterSeconds: nil, random: 0)
        let soon = decadesAgo.advanced(byMilliseconds: BackOff.longest)
        #expect(failed.hubAsksUntil == nil)
        #expect(failed.wait(at: soon, isUnattended: true) == nil)
        #expect(failed.failures == 2)
    }

    @Test func `a clock that is set back makes waits void`() {
        let failed = BackOff().failed(at: now, retryAfterSeconds: 3_600, random: 5_000)
        #expect(failed.wait(at: later(-1), isUnattended: true) == nil)
        let decades = BackOff().failed(
            at: Timestamp(milliseconds: .max),
            retryAfterSeconds: 9,
            random: 1
        )
        #expect(decades.wait(at: now, isUnattended: true) == nil)
    }

    @Test func `is kept as it is`() {
        var backOff = BackOff()
        #expect(BackOff(json: backOff.json) == backOff && BackOff(json: [:]) == backOff)
        backOff = backOff.failed(at: now, retryAfterSeconds: 7, random: 99)
        #expect(BackOff(json: backOff.json) == backOff)
    }
}

import Statistics
import Testing

@Suite("Wilson intervals")
struct WilsonIntervalTests {
    /// Six digits from section 14 of the statistics; fifteen from the quadratic in 50-digit decimals.
    @Test(arguments: [
        (0, 124, 0, 0.030049, 5e-7), (0, 125, 0, 0.029815, 5e-7),
        (10, 100, 0.055229, 0.174366, 5e-7), (70, 200, 0.287288, 0.418365, 5e-7),
        (0, 5, 0, 0.434482464783175, 1e-14), (4, 4, 0.510109163545403, 1, 1e-14),
        (3, 5, 0.230724281276013, 0.882379225767352, 1e-14),
        (80, 200, 0.334605785668073, 0.469163279607380, 1e-14),
        (1 << 40, 1 << 62, 0.000000238418133, 0.000000238419025, 1e-15),
    ])
    func `have their published ends`(
        count: Int64,
        total: Int64,
        low: Double,
        high: Double,
        tolerance: Double
    ) throws {
        let interval = try WilsonInterval(count: count, of: total)
        #expect(abs(interval.low - low) <= tolerance)
        #expect(abs(interval.high - high) <= tolerance)
    }

    @Test func `are exact where nothing or everything was counted`() throws {
        for total in [Int64(1), 7, 125, 1_000_003] {
            #expect(try WilsonInterval(count: 0, of: total).low == 0)
            #expect(try WilsonInterval(count: total, of: total).high == 1)
        }
        let nothing = try WilsonInterval(count: 0, of: 0)
        #expect(nothing.low == 0)
        #expect(nothing.high == 1)
    }

    @Test func `hold the share, mirror each other and shrink with more cases`() throws {
        for total in Int64(1)...60 {
            for count in 0...total {
                let interval = try WilsonInterval(count: count, of: total)
                let share = Double(count) / Double(total)
                #expect(0 <= interval.low && interval.low <= share)
                #expect(share <= interval.high && interval.high <= 1)
                let mirror = try WilsonInterval(count: total - count, of: total)
                #expect(abs(interval.low - (1 - mirror.high)) < 1e-15)
                let larger = try WilsonInterval(count: 10 * count, of: 10 * total)
                #expect(larger.high - larger.low < interval.high - interval.low)
            }
        }
    }

    @Test(arguments: [(-1, 5), (6, 5), (0, -1), (-1, -1)])
    func `of impossible counts there are none`(count: Int64, total: Int64) {
        #expect(throws: StatisticsError.impossible(reason: "\(count) out of \(total)")) {
            try WilsonInterval(count: count, of: total)
        }
    }
}

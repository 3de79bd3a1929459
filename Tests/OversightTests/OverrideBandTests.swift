import Oversight
import Testing

@testable import Statistics

@Suite("Override bands")
struct OverrideBandTests {
    @Test(arguments: [
        // From section 10 of the statistics.
        (0, 5, OverrideBand.notEnoughEvidence),
        (0, 100, .notEnoughEvidence), (0, 124, .notEnoughEvidence), (0, 125, .ceremonial),
        (70, 200, .notEnoughEvidence), (80, 200, .aiNotAddingValue),
        // By hand, from the interval in the comment.
        (10, 100, .healthy),  // 5.5 to 17.4 %
        (7, 100, .notEnoughEvidence),  // 3.4 to 13.7 %
        (40, 1000, .notEnoughEvidence),  // 2.95 to 5.4 %
        (400, 10_000, .watch),  // 3.6 to 4.4 %
        (250, 1000, .watch),  // 22.4 to 27.8 %
        (0, 0, .notEnoughEvidence),
    ])
    func `need the whole interval inside`(count: Int64, total: Int64, band: OverrideBand) throws {
        let rate = try OverrideRate(decided: total, overturned: count, amended: 0)
        #expect(rate.band == band)
    }

    @Test(arguments: [
        // Each edge of the table, as it belongs to one side.
        (0, 0.0299, OverrideBand.ceremonial), (0, 0.03, .notEnoughEvidence),
        (0.03, 0.0499, .watch), (0.03, 0.05, .notEnoughEvidence),
        (0.05, 0.2, .healthy), (0.0499, 0.2, .notEnoughEvidence),
        (0.05, 0.2001, .notEnoughEvidence),
        (0.2, 0.3, .notEnoughEvidence), (0.2001, 0.3, .watch),
        (0.2001, 0.3001, .notEnoughEvidence),
        (0.3, 1, .notEnoughEvidence), (0.3001, 1, .aiNotAddingValue),
    ])
    func `own their edges as the table says`(low: Double, high: Double, band: OverrideBand) {
        #expect(OverrideBand(WilsonInterval(low: low, high: high)) == band)
    }

    @Test(arguments: [
        (0.0, 1.0, [OverrideBand.ceremonial, .watch, .healthy, .aiNotAddingValue]),
        (0, 0.037, [.ceremonial, .watch]),  // 0 of 100
        (0, 0.0299, [.ceremonial]),
        (0.0343, 0.1375, [.watch, .healthy]),  // 7 of 100
        (0.1, 0.25, [.healthy, .watch]),
        (0.04, 0.25, [.watch, .healthy]),
        (0.2, 0.3, [.healthy, .watch]),
        (0.2873, 0.4184, [.watch, .aiNotAddingValue]),  // 70 of 200
        (0.3001, 1, [.aiNotAddingValue]),
    ])
    func `that are possible come lowest first, watch once`(
        low: Double,
        high: Double,
        bands: [OverrideBand]
    ) {
        #expect(OverrideBand.possible(WilsonInterval(low: low, high: high)) == bands)
    }

    @Test func `the only possible band is the band`() {
        for low in 0...100 {
            for high in low...100 {
                let interval = WilsonInterval(low: Double(low) / 100, high: Double(high) / 100)
                let band = OverrideBand(interval)
                let possible = OverrideBand.possible(interval)
                #expect(!possible.isEmpty)
                if band != .notEnoughEvidence { #expect(possible == [band]) }
            }
        }
    }
}

@Suite("Override rates")
struct OverrideRateTests {
    @Test func `count overturned and amended alike`() throws {
        let rate = try OverrideRate(decided: 200, overturned: 50, amended: 30)
        #expect(rate.rate == 0.4)
        #expect(rate.band == .aiNotAddingValue)
        #expect(try OverrideRate(decided: 0, overturned: 0, amended: 0).rate == nil)
    }

    @Test(arguments: [(-1, 0, 0), (5, -1, 0), (5, 0, -1), (5, 3, 3), (5, 6, -1), (9, .max, 1)])
    func `of impossible counts there are none`(decided: Int64, overturned: Int64, amended: Int64) {
        #expect(throws: StatisticsError.self) {
            try OverrideRate(decided: decided, overturned: overturned, amended: amended)
        }
    }
}

import Oversight
import Statistics
import Testing

@Suite("Accuracy by confidence")
struct BinAccuracyTests {
    @Test func `adds up what was seen, bin by bin`() throws {
        let rows = try accuracyByBin([
            (bin: 82, k: 1, blind: false, classIndex: 0, count: 60),
            (bin: nil, k: 1, blind: false, classIndex: 0, count: 3),
            (bin: 82, k: 20, blind: false, classIndex: 0, count: 20),
            (bin: 82, k: 1, blind: true, classIndex: 1, count: 15),
            (bin: 82, k: 1, blind: false, classIndex: 2, count: 7),
            (bin: 82, k: 1, blind: false, classIndex: 3, count: 40),  // Abstained: not decided.
            (bin: 82, k: 1, blind: false, classIndex: 0, count: -2),  // Compensation.
            (bin: 0, k: 1, blind: false, classIndex: 2, count: 5),
            (bin: nil, k: 1, blind: false, classIndex: 1, count: 2),
            (bin: 129, k: 1, blind: false, classIndex: 3, count: 9),
        ])
        #expect(rows.map(\.bin) == [0, 82, nil])
        #expect(rows.map(\.cases) == [5, 100, 5])
        #expect(rows.map(\.agree) == [0, 78, 3])
        #expect(rows[0].low == 0)
        // 78 of 100 and 3 of 5, from the quadratic in 50-digit decimals.
        #expect(abs(rows[1].low - 0.689296464850142) < 1e-14)
        #expect(abs(rows[1].high - 0.849987176153946) < 1e-14)
        #expect(abs(rows[2].low - 0.230724281276013) < 1e-14)
        #expect(abs(rows[2].high - 0.882379225767352) < 1e-14)
    }

    @Test func `the order of tallies cannot matter, even near the largest count`() throws {
        let tallies: [TallyRow] = [
            (bin: 1, k: 1, blind: false, classIndex: 0, count: .max),
            (bin: 1, k: 1, blind: false, classIndex: 0, count: 1),
            (bin: 1, k: 1, blind: false, classIndex: 0, count: -1),
        ]
        #expect(try accuracyByBin(tallies) == accuracyByBin(tallies.reversed()))
        #expect(try accuracyByBin(tallies).map(\.cases) == [.max])
        #expect(try accuracyByBin([]) == [])
    }

    @Test(arguments: [
        (bin: 130, k: 1, blind: false, classIndex: 0, count: 1),
        (bin: -1, k: 1, blind: false, classIndex: 0, count: 1),
        (bin: 1, k: 0, blind: false, classIndex: 0, count: 1),
        (bin: 1, k: 1, blind: false, classIndex: 4, count: 1),
        (bin: 1, k: 1, blind: false, classIndex: -1, count: 1),
        (bin: 1, k: 1, blind: false, classIndex: 3, count: -1),  // A total below 0.
    ])
    func `impossible tallies are refused`(row: TallyRow) {
        #expect(throws: StatisticsError.self) { try accuracyByBin([row]) }
    }

    @Test func `a total beyond 63 bits is refused`() {
        let row: TallyRow = (bin: 1, k: 1, blind: false, classIndex: 0, count: .max)
        let other: TallyRow = (bin: 1, k: 1, blind: false, classIndex: 1, count: 1)
        #expect(throws: StatisticsError.self) { try accuracyByBin([row, row]) }
        #expect(throws: StatisticsError.self) { try accuracyByBin([row, other]) }
    }
}

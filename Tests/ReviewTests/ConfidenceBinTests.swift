import Glibc
import Review
import Testing

@Suite("Confidences as integers")
struct ConfidenceBinTests {
    @Test func `the edges are those of the formula`() {
        let edges = (0...128).map { j in
            Int((1_000_000 / (1 + exp(8 - Double(j) / 8)) + 0.5).rounded(.down))
        }
        #expect(ConfidenceBin.edges == edges)
        #expect(ConfidenceBin.count == edges.count + 1)
    }

    /// Section 14 of the statistics.
    @Test(arguments: [
        (334, 0), (335, 1), (500_000, 65), (900_000, 82), (990_000, 101), (999_000, 120),
        (0, 0), (999_664, 128), (999_665, 129), (1_000_000, 129),
    ])
    func `bins are those of the statistics`(ppm: Int, bin: Int) {
        #expect(ConfidenceBin.bin(partsPerMillion: ppm) == bin)
    }

    @Test func `a bin is how many edges are at or below`() {
        for ppm in stride(from: 0, through: 1_000_000, by: 97) {
            let bin = ConfidenceBin.edges.count { $0 <= ppm }
            #expect(ConfidenceBin.bin(partsPerMillion: ppm) == bin)
        }
    }

    @Test(arguments: [
        (0.4999995, 500_000), (0.5000005, 500_000), (0, 0), (1, 1_000_000), (0.93, 930_000),
    ])
    func `parts per million round half up in doubles`(confidence: Double, ppm: Int) {
        #expect(ConfidenceBin.partsPerMillion(confidence) == ppm)
    }
}

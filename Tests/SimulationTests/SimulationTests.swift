import Review
import Simulator
import Sync
import TestSupport
import Testing

@Suite("A hub and its nodes over a bad network")
struct SimulationTests {
    @Test(arguments: 0..<RunSeed.count)
    func `keep every promise, and the same seed tells the same story`(number: Int) throws {
        let seed = RunSeed.seed(number)
        let first = try play(seed)
        let second = try play(seed)
        #expect(first.trace == second.trace, "SameSeedSameTrace; \(replay(seed))")
    }

    /// A fault that never strikes proves nothing.
    @Test func `come by everything that there is to come by`() throws {
        var missing = Set(Mark.allCases)
        for number in 0..<300 where !missing.isEmpty {
            missing.subtract(try play(RunSeed.seed(number)).marks)
        }
        #expect(missing.isEmpty, "never came by \(missing.map(\.rawValue).sorted())")
    }

    private func play(_ seed: UInt64) throws -> Simulation {
        var simulation = Simulation(seed: seed)
        do throws(Broken) {
            for step in 0..<120 {
                simulation.step()
                if step % 30 == 29 { try simulation.checkAlways() }
            }
            simulation.heal()
            try simulation.checkHealed()
        } catch {
            let tail = simulation.trace.suffix(30).joined(separator: "\n")
            Issue.record("\(error); \(replay(seed))\n\(tail)")
            throw error
        }
        return simulation
    }

    private func replay(_ seed: UInt64) -> String {
        "to replay: COUNTERSIGN_SEEDS=1 COUNTERSIGN_SEED=\(seed) "
            + "swift test --disable-xctest --filter SimulationTests"
    }
}

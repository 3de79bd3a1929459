import Simulator
import TestSupport
import Testing

@Suite("A hub and its nodes over a bad network")
struct SimulationTests {
    @Test(arguments: 0..<RunSeed.count)
    func `keep every promise, and the same seed tells the same story`(number: Int) throws {
        let history = History(seed: RunSeed.seed(number))
        let played = history.playTwice()
        guard let broken = played.broken else { return }
        let shrunk = history.shrunk(plays: 100)
        let story = shrunk.play().trace.suffix(60).joined(separator: "\n")
        Issue.record("\(broken); to replay: \(shrunk.command)\n\(story)")
    }

    /// A fault that never strikes proves nothing.
    @Test func `come by all that is not seldom`() {
        var missing = Set(Mark.allCases.filter { !$0.isSeldom })
        for number in 0..<300 where !missing.isEmpty {
            missing.subtract(History(seed: RunSeed.seed(number)).play().marks.keys)
        }
        #expect(missing.isEmpty, "never came by \(missing.map(\.rawValue).sorted())")
    }
}

@Suite("The simulator")
struct SimulatorTests {
    /// The mistakes that are found soon; `Tests/simulate --bugs` looks for all of them.
    @Test(arguments: SeededBug.allCases.filter { !$0.isFoundLate })
    func `finds a mistake that is put in`(bug: SeededBug) {
        let isFound = (0..<60).contains { number in
            var history = History(seed: UInt64(number))
            history.bug = bug
            return history.play().broken != nil
        }
        #expect(isFound)
    }

    @Test func `cuts a history down to what breaks the promise`() throws {
        let histories = (0..<60).lazy.map { (seed: UInt64) in
            var history = History(seed: seed)
            history.bug = .skipLastRow
            return history
        }
        let history = try #require(histories.first { $0.play().broken != nil })
        let broken = try #require(history.play().broken)
        let shrunk = history.shrunk(plays: 60)
        #expect(shrunk.steps.count < History.length / 4)
        #expect(shrunk.play().broken?.invariant == broken.invariant)
        #expect(shrunk.command.hasPrefix("Tests/simulate --replay \(history.seed) --without "))
    }
}

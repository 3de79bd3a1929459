import Simulator

/// Makes hub and nodes make each mistake in turn, and tells how soon it was found.
struct BugRun {
    private let order: Order

    init(_ order: Order) { self.order = order }

    /// Whether each mistake was found within so many seeds.
    func run() -> Bool {
        var missed = 0
        for bug in SeededBug.allCases {
            guard let (seeds, broken) = find(bug) else {
                print("MISSED \(bug.rawValue) in \(order.seeds) seeds")
                missed += 1
                continue
            }
            print("found  \(bug.rawValue) with seed \(seeds) of them: \(broken)")
        }
        print("\(SeededBug.allCases.count - missed) of \(SeededBug.allCases.count) mistakes found")
        return missed == 0
    }

    private func find(_ bug: SeededBug) -> (Int, Broken)? {
        for number in 0..<order.seeds {
            var history = History(seed: order.from &+ UInt64(number))
            history.bug = bug
            guard let broken = history.play().broken else { continue }
            history.bug = nil
            if history.play().broken == nil { return (number + 1, broken) }
        }
        return nil
    }
}

/// A history to play: everything in it follows from these values.
package struct History: Sendable, Equatable {
    package let seed: UInt64
    /// What may go wrong, of what the seed draws.
    package var faults = Set(Fault.allCases)
    /// The steps that are played, in order.
    package var steps = Array(0..<length)
    /// The mistake that hub and nodes make.
    package var bug: SeededBug?

    /// How many steps a whole history has.
    package static let length = 120

    package init(seed: UInt64) { self.seed = seed }

    /// Plays it once: the steps while everything goes wrong, then healing.
    package func play() -> Played {
        var simulation = Simulation(self)
        var broken: Broken?
        do throws(Broken) {
            for (number, step) in steps.enumerated() {
                simulation.step(step)
                if number % 6 == 5 { try simulation.checkAlways() }
            }
            simulation.heal()
            try simulation.checkHealed()
        } catch {
            broken = error
        }
        simulation.markOutcome()
        return Played(simulation, broken)
    }

    /// Plays it twice: both must be the same (**SameSeedSameTrace**).
    ///
    /// The checks change nothing that a trace tells, so the second time goes without them.
    package func playTwice() -> Played {
        var played = play()
        if played.broken == nil, trace() != played.trace {
            played.broken = Broken("SameSeedSameTrace", "two plays of one history differ")
        }
        return played
    }

    private func trace() -> [String] {
        var simulation = Simulation(self)
        for step in steps { simulation.step(step) }
        simulation.heal()
        return simulation.trace
    }
}

/// What became of a history.
package struct Played: Sendable {
    package let trace: [String]
    package let marks: [Mark: Int]
    /// The first promise that did not hold.
    package internal(set) var broken: Broken?
    /// How many entries the hub held in the end.
    package let entries: Int
    package let nodes: Int

    init(_ simulation: Simulation, _ broken: Broken?) {
        trace = simulation.trace
        marks = simulation.marks
        self.broken = broken
        entries = simulation.hub.entries.count
        nodes = simulation.nodes.count
    }
}

// MARK: - Shrinking

extension History {
    /// The same history without whatever it breaks the same promise without: fault kinds, then steps.
    ///
    /// Takes out halves, then quarters and so on (delta debugging, Zeller 2002), at most `plays`
    /// times.
    package func shrunk(plays: Int = 600) -> History {
        guard let invariant = play().broken?.invariant else { return self }
        var best = self
        var left = plays
        func stillBreaks(_ history: History) -> Bool {
            left -= 1
            return history.play().broken?.invariant == invariant
        }
        for fault in Fault.allCases where left > 0 {
            var fewer = best
            fewer.faults.remove(fault)
            if stillBreaks(fewer) { best = fewer }
        }
        var size = max(1, best.steps.count / 2)
        while left > 0 {
            var start = 0
            while start < best.steps.count, left > 0 {
                var fewer = best
                fewer.steps.removeSubrange(start..<min(start + size, best.steps.count))
                if stillBreaks(fewer) { best = fewer } else { start += size }
            }
            if size == 1 { break }
            size /= 2
        }
        return best
    }

    /// What replays it.
    package var command: String {
        var words = ["Tests/simulate", "--replay \(seed)"]
        let without = Fault.allCases.filter { !faults.contains($0) }
        if !without.isEmpty {
            words.append("--without \(without.map(\.rawValue).joined(separator: ","))")
        }
        if steps != Array(0..<Self.length) {
            words.append("--steps \(steps.map { "\($0)" }.joined(separator: ","))")
        }
        if let bug { words.append("--bug \(bug.rawValue)") }
        return words.joined(separator: " ")
    }
}

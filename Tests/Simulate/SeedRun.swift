import Dispatch
import Foundation
import Simulator
import Synchronization

/// Many seeds, on as many threads as asked for.
struct SeedRun {
    private let order: Order

    init(_ order: Order) { self.order = order }

    /// What all seeds together came by.
    private struct Sum {
        var next = 0
        var played = 0
        var entries = 0
        var nodes = 0
        var marks: [Mark: Int] = [:]
        var broken: [(seed: UInt64, what: Broken)] = []

        mutating func add(_ one: Played, _ seed: UInt64) {
            played += 1
            entries += one.entries
            nodes += one.nodes
            marks.merge(one.marks, uniquingKeysWith: +)
            if let what = one.broken { broken.append((seed, what)) }
        }
    }

    /// How many broken seeds end a run: each is looked at by a person.
    private static let enough = 20

    /// Whether every promise was kept and everything there is was come by.
    func run() -> Bool {
        let sum = Mutex(Sum())
        let began = DispatchTime.now().uptimeNanoseconds
        @Sendable func seconds() -> Double {
            Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
        }
        DispatchQueue.concurrentPerform(iterations: order.jobs) { _ in
            while let number = sum.withLock({ next(&$0) }) {
                let seed = order.from &+ UInt64(number)
                let played = History(seed: seed).playTwice()
                let done = sum.withLock { sum in
                    sum.add(played, seed)
                    return sum.played
                }
                if done % 500 == 0 { progress(done, seconds()) }
            }
        }
        return report(sum.withLock { $0 }, seconds())
    }

    private func next(_ sum: inout Sum) -> Int? {
        guard sum.next < order.seeds, sum.broken.count < Self.enough else { return nil }
        defer { sum.next += 1 }
        return sum.next
    }

    /// To stderr, over itself; nothing where that is no terminal.
    private func progress(_ done: Int, _ seconds: Double) {
        guard isatty(2) == 1 else { return }
        let text = "\r\(done) of \(order.seeds) seeds, \(Int(Double(done) / seconds)) a second"
        FileHandle.standardError.write(Data(text.utf8))
    }

    private func report(_ sum: Sum, _ seconds: Double) -> Bool {
        if isatty(2) == 1 { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
        let rate = Int(Double(sum.played) / seconds)
        print(
            "\(sum.played) seeds from \(order.from), each twice, in \(Int(seconds)) s (\(rate) a second)"
        )
        print(
            "\(sum.entries / max(1, sum.played)) entries and "
                + "\(sum.nodes / max(1, sum.played)) nodes in each on average"
        )
        for mark in Mark.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            if let count = sum.marks[mark] { print("  \(mark.rawValue) \(count)") }
        }
        let missing = Mark.allCases.filter { sum.marks[$0] == nil }.map(\.rawValue)
        if !missing.isEmpty { print("never came by: \(missing.joined(separator: " "))") }
        for (seed, what) in sum.broken.sorted(by: { $0.seed < $1.seed }) {
            print("BROKEN \(what)\n  seed \(seed)")
        }
        if let first = sum.broken.min(by: { $0.seed < $1.seed }) { show(first.seed) }
        print(sum.broken.isEmpty ? "every promise was kept" : "\(sum.broken.count) seeds broke")
        return sum.broken.isEmpty && missing.isEmpty
    }

    /// The shortest history found that breaks as a seed does.
    private func show(_ seed: UInt64) {
        let history = History(seed: seed).shrunk()
        let played = history.play()
        print("the first, shrunk to \(history.steps.count) steps:")
        for line in played.trace { print("  \(line)") }
        print("  \(played.broken.map { "\($0)" } ?? "")")
        print("to replay: \(history.command)")
    }
}

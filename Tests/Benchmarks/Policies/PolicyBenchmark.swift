import Dispatch
import Escalation
import Foundation
import Review

/// Routes the cases of a file by a policy of ten rules, over and over, and prints how many a second.
@main
struct PolicyBenchmark {
    static func main() throws {
        let path = CommandLine.arguments.dropFirst().first ?? "Samples/banking/cases.jsonl"
        guard let file = FileManager.default.contents(atPath: path) else {
            fatalError("there is no file \(path)")
        }
        let cases = try file.split(separator: UInt8(ascii: "\n")).map { line in
            try Case(JSON(parsing: Array(line)))
        }
        let (policy, problems) = Policy.parse(
            TenRules.tree(labels: Set(cases.compactMap(\.label)).sorted())
        )
        guard let policy else { fatalError("\(problems)") }
        let standing = Standing(
            phase: 2,
            now: Timestamp(milliseconds: 1_795_600_000_000),
            draw: { name, _ in UInt32(truncatingIfNeeded: name.id.utf8.count &* 2_654_435_761) }
        )

        var best = 0.0
        var held = 0
        for _ in 0..<5 {
            held = 0
            let rounds = 40
            let start = DispatchTime.now().uptimeNanoseconds
            for _ in 0..<rounds {
                for item in cases where policy.route(item, standing).disposition == .hold {
                    held += 1
                }
            }
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
            best = max(best, Double(rounds * cases.count) / seconds)
            held /= rounds
        }
        print(
            "\(Int(best)) cases routed a second on one core, by ten rules; \(held) of \(cases.count) held"
        )
    }
}

import Dispatch
import Foundation
import Simulator

/// Plays histories as long as it is let, and says what they came by and what broke.
@main
struct Simulate {
    static func main() {
        let order: Order
        do {
            order = try Order(CommandLine.arguments.dropFirst())
        } catch {
            FileHandle.standardError.write(Data("Tests/simulate: \(error)\n".utf8))
            exit(64)
        }
        let isWell =
            switch order.kind {
            case .seeds: SeedRun(order).run()
            case .replay(let history): replay(history)
            case .bugs: BugRun(order).run()
            }
        exit(isWell ? 0 : 1)
    }

    private static func replay(_ history: History) -> Bool {
        let played = history.playTwice()
        for line in played.trace { print(line) }
        print(played.broken.map { "\($0)" } ?? "every promise was kept")
        return played.broken == nil
    }
}

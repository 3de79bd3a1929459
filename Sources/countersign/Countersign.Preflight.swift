import ArgumentParser
import Console
import Node

extension Countersign {
    struct PreflightCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "preflight",
            abstract: "Before going offline: is everything here, and does it fit the time?",
            usage: "countersign preflight --hours 6"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Option(help: "How long you will be away.") var hours: Int?

        func validate() throws {
            if let hours, !(1...10_000).contains(hours) {
                throw ValidationError("--hours is a number from 1 to 10000")
            }
        }

        func run() throws {
            let found = try home.desk().preflight(hours: hours)
            if !(output.quiet && found.isReady) { try output.print(found.report) }
            if !found.isReady { throw Ended(code: .partlyDone) }
        }
    }
}

import ArgumentParser
import Console
import Node

extension Countersign {
    struct History: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What you decided, and what became of it.",
            usage: "countersign history refunds/T-1029"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Argument(help: "workflow/id") var subject: String?

        func run() throws {
            for row in try home.desk().historyReports(of: subject) { try output.print(row) }
        }
    }

    struct Conflicts: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cases where people differ, as far as you may know.",
            usage: "countersign conflicts"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            for row in try home.desk().conflictReports() { try output.print(row) }
        }
    }

    struct Calibration: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How often the AI was right, by confidence, in your own verdicts.",
            usage: "countersign calibration"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            let rows = try home.desk().calibrationReports()
            for row in rows { try output.print(row) }
            if !output.json, !output.quiet {
                try Output.notes.line(
                    rows.isEmpty
                        ? "no verdicts to count yet"
                        : "provisional: your own verdicts; only what the hub publishes decides anything"
                )
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every byte of this replica, with no network.",
            usage: "countersign verify"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            let (report, holds) = try home.desk().verifyReport()
            try output.print(report)
            if !holds { throw Ended(code: .badInput) }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What waits, what exists only on this machine, and when it last synced.",
            usage: "countersign status"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions

        func run() throws { try output.print(home.desk().statusReport()) }
    }
}

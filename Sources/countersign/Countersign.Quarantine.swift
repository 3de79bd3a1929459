import ArgumentParser
import Console
import Node

extension Countersign {
    struct QuarantineCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "quarantine",
            abstract: "What could not be read and was set aside, and why.",
            usage: """
                countersign quarantine list
                countersign quarantine retry
                """,
            subcommands: [List.self, Show.self, Retry.self]
        )

        struct List: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "All that was set aside, oldest first.",
                usage: "countersign quarantine list"
            )
            @OptionGroup var home: HomeOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                let rows = try home.desk().quarantineReports()
                for row in rows { try output.print(row) }
                if rows.isEmpty, !output.json, !output.quiet {
                    try Output.notes.line("nothing was set aside")
                }
            }
        }

        struct Show: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "One of them, with its content.",
                usage: "countersign quarantine show sha256:…"
            )
            @OptionGroup var home: HomeOptions
            @OptionGroup var output: PrintOptions
            @Argument(help: "Its uid, as `list` tells it.") var uid: String

            func run() throws { try output.print(home.desk().quarantineReport(of: uid)) }
        }

        struct Retry: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Read all of it again, as after an upgrade.",
                usage: "countersign quarantine retry"
            )
            @OptionGroup var home: HomeOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                let (reports, isEmpty) = try home.desk().retryQuarantine()
                for report in reports { try output.print(report) }
                if reports.isEmpty, !output.json, !output.quiet {
                    try Output.notes.line("nothing was set aside")
                }
                if !isEmpty { throw Ended(code: .partlyDone) }
            }
        }
    }
}

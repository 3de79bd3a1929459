import ArgumentParser
import Console
import Node

extension Countersign {
    struct BundleCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bundle",
            abstract: "Sync by file, where no network comes.",
            subcommands: [Export.self, Import.self, Status.self]
        )

        struct Export: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Put what a sync would hand in into a file that only the hub can open.",
                usage: "countersign bundle export /mnt/usb/anna.up"
            )
            @Argument(help: "The file to write, or - for standard output.") var file: String
            @OptionGroup var home: HomeOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                let place = FileOutput(path: file)
                let report = try home.desk().exportBundle(.system) { try place.write($0) }
                try output.print(report, to: place.words)
            }
        }

        struct Import: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Apply what the hub put into a file; twice or late does no harm.",
                usage: "countersign bundle import /mnt/usb/anna.down"
            )
            @Argument(help: "A bundle of the hub, or - for standard input.") var file: String
            @OptionGroup var home: HomeOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                let summary = try home.desk().importBundle(readFile(file), .system)
                try output.print(summary.report)
                if !summary.isWhole { throw Ended(code: .partlyDone) }
            }
        }

        struct Status: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "The bundles that were exported and not answered yet."
            )
            @OptionGroup var home: HomeOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                let reports = try home.desk().bundleReports()
                for report in reports { try output.print(report) }
                if reports.isEmpty, !output.json {
                    try Output.notes.line("no bundle waits for an answer")
                }
            }
        }
    }
}

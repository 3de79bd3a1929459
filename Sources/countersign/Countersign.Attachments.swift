import ArgumentParser
import Console
import Node

extension Countersign {
    struct Attachments: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The files that belong to a case.",
            usage: """
                countersign attachments fetch refunds/T-1029
                countersign attachments open refunds/T-1029 1
                """,
            subcommands: [Fetch.self, Open.self]
        )

        struct Fetch: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Fetch a case's attachments now; a sync fetches those of all that wait.",
                usage: "countersign attachments fetch refunds/T-1029"
            )
            @OptionGroup var home: HomeOptions
            @OptionGroup var output: PrintOptions
            @Argument(help: "workflow/id") var subject: String

            func run() throws {
                let desk = try home.desk()
                try Syncing(desk, try desk.orderAttachments(of: subject), output).run(
                    at: desk.hubAddress
                )
            }
        }

        struct Open: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Open an attachment with COUNTERSIGN_OPENER, or print where it is.",
                usage: "COUNTERSIGN_OPENER=xdg-open countersign attachments open refunds/T-1029 1"
            )
            @OptionGroup var home: HomeOptions
            @OptionGroup var output: PrintOptions
            @Argument(help: "workflow/id") var subject: String
            @Argument(help: "Its number on the page of the case.") var number = 1

            func run() throws {
                let (report, path) = try home.desk().openReport(subject, attachment: number)
                let isOpen = try Opener.open(path)
                if !isOpen || output.json { try output.print(report) }
            }
        }
    }
}

import ArgumentParser
import Console
import Node

extension Countersign {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The cases that wait for you, most urgent first.",
            usage: "countersign list --due"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Flag(help: "Only what is due within a day.") var due = false
        @Flag(help: "Also what you have answered.") var all = false
        @Option(help: "Only this workflow.") var workflow: String?

        func run() throws {
            let rows = try home.desk().list(all ? .all : due ? .due : .open, workflow: workflow)
            for row in rows { try output.print(row) }
            if rows.isEmpty, !output.json, !output.quiet {
                try Output.notes.line("nothing to review")
            }
        }
    }

    struct Next: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The case that comes next.",
            usage: "countersign next"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Option(help: "Only this workflow.") var workflow: String?

        func run() throws {
            if let row = try home.desk().next(workflow: workflow) {
                try output.print(row)
            } else if !output.json, !output.quiet {
                try Output.notes.line("nothing to review")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A case, with everything the AI had.",
            usage: "countersign show refunds/T-1029"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Flag(help: "One `name: value` a line, ASCII.") var plain = false
        @Argument(help: "workflow/id") var subject: String

        func run() throws {
            let look = Look(of: .standard, plain: plain)
            try output.print(
                home.desk().show(subject, columns: look.columns, isPlain: look.isPlain)
            )
        }
    }

    struct Why: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Why a case is here: every rule, fired or not.",
            usage: "countersign why refunds/T-1029"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Argument(help: "workflow/id") var subject: String

        func run() throws { try output.print(home.desk().why(subject)) }
    }
}

import ArgumentParser
import Console
import Hub

extension CountersignHub {
    struct Cases: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The cases there are, in order of arrival.",
            usage: "countersign-hub cases --workflow refunds"
        )
        @Option(help: "Only those of one workflow.") var workflow: String?
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws { try folder.office().listCases(of: workflow, output.print) }
    }

    struct CaseCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "case",
            abstract: "One case.",
            subcommands: [Show.self]
        )

        struct Show: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "A case, who was asked, what they said, and what it amounts to.",
                usage: "countersign-hub case show refunds/T-1029"
            )
            @Argument(help: "WORKFLOW/ID.") var name: String
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws { try output.print(folder.office().showCase(name)) }
        }
    }

    struct Queue: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What waits for people, and whether they keep up."
        )
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws { try folder.office().listQueue(output.print) }
    }

    struct Outcomes: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every change of an outcome; the last of a case is the present one.",
            usage: "countersign-hub outcomes --after 120 --json"
        )
        @Option(help: "Only those after this `seq`.") var after: Int64 = 0
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws { try folder.office().listOutcomes(after: after, output.print) }
    }

    struct Events: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What callers hear of.",
            usage: "countersign-hub events --after 120 --json"
        )
        @Option(help: "Only those after this `seq`.") var after: Int64 = 0
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws { try folder.office().listEvents(after: after, output.print) }
    }

    struct Conflicts: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cases where people differ, with the sides."
        )
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws { try folder.office().listConflicts(output.print) }
    }
}

import ArgumentParser
import Console
import Hub

extension CountersignHub {
    struct Oversight: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How often people decide otherwise, and what that can mean.",
            usage: "countersign-hub oversight --workflow refunds"
        )
        @Option(help: "Only one workflow.") var workflow: String?
        @Option(help: "Only one reviewer.") var reviewer: String?
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            try folder.office().listOversight(
                workflow: workflow,
                reviewer: reviewer,
                output.print
            )
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What the hub holds, for other tools.",
            subcommands: [Log.self]
        )

        struct Log: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Every entry, in the hub's order.",
                usage: "countersign-hub export log --json > log.jsonl"
            )
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws { try folder.office().exportLog(output.print) }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every chain, signature, digest and count.",
            usage: "countersign-hub verify --json"
        )
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            let verification = try folder.office().verify()
            try output.print(verification.shown)
            if !verification.holds { throw Ended(code: .badInput) }
        }
    }
}

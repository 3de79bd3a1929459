import ArgumentParser
import Console
import Hub

extension CountersignHub {
    struct PolicyCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "policy",
            abstract: "The rules by which cases are reviewed.",
            subcommands: [Check.self, Activate.self, Show.self]
        )

        struct Check: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Say everything that is wrong with a policy file; needs no hub.",
                usage: "countersign-hub policy check refunds.yaml"
            )
            @Argument(help: "A policy file, or -.") var file: String
            @OptionGroup var output: PrintOptions

            func run() throws {
                let check = HubOffice.check(policy: try readFile(file), from: file)
                for problem in check.problems { try output.print(problem) }
                guard check.isUsable else { throw Ended(code: .badInput) }
            }
        }

        struct Activate: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Put a policy in force for the cases that come from now on.",
                usage: "countersign-hub policy activate refunds.yaml --by anna"
            )
            @Argument(help: "A policy file, or -.") var file: String
            @Option(help: "Who does this.") var by: String
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                let office = try folder.office()
                let bytes = try readFile(file)
                let check = HubOffice.check(policy: bytes, from: file)
                for problem in check.problems {
                    for line in problem.lines {
                        try Output.notes.line(escaped(line, .shown))
                    }
                }
                try output.print(office.activate(policy: bytes, by: by))
            }
        }

        struct Show: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "The policy in force, as it was written.",
                usage: "countersign-hub policy show refunds"
            )
            @Argument(help: "A workflow.") var workflow: String
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws { try output.print(folder.office().showPolicy(of: workflow)) }
        }
    }
}

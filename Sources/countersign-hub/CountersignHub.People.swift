import ArgumentParser
import Console
import Hub

extension CountersignHub {
    struct ReviewerCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reviewer",
            abstract: "Who reviews, and the tokens that let their devices in.",
            subcommands: [Add.self, List.self, Token.self]
        )

        struct Add: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Add a reviewer, or change what one reviews.",
                usage: "countersign-hub reviewer add anna --workflows refunds --role senior"
            )
            @Argument(help: "A name without spaces.") var name: String
            @Option(help: "Workflows, with commas; all of them where left out.")
            var workflows: String?
            @Option(help: "reviewer, senior or administrator.") var role = "reviewer"
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                let names = workflows?.split(separator: ",").map(String.init)
                try output.print(
                    folder.office().addReviewer(name, workflows: names, role: role)
                )
            }
        }

        struct List: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "The reviewers, and how much waits for each."
            )
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws { try folder.office().listReviewers(output.print) }
        }

        struct Token: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Make a token for one enrolment within 7 days.",
                usage: "countersign-hub reviewer token anna > anna.token"
            )
            @Argument(help: "A reviewer who was added.") var name: String
            @Option(help: "Where the node reaches this hub.") var url: String?
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                let token = try folder.office().token(for: name, url: url)
                try output.print(
                    Shown(secret: token, named: "token", after: "token for \(name), once, 7 days:")
                )
            }
        }
    }

    struct DeviceCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "device",
            abstract: "The machines that were enrolled.",
            subcommands: [List.self, Revoke.self]
        )

        struct Revoke: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Trust a device no longer; what it hands in from now on waits for you.",
                usage: "countersign-hub device revoke d3f… --because lost --last-good 17"
            )
            @Argument(help: "A device, as `device list` names it.") var device: String
            @Option(help: "retired, lost or compromised.") var because: String
            @Option(help: "The last entry that holds; all that the hub has, where left out.")
            var lastGood: Int64?
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func validate() throws {
                if let lastGood, lastGood < 0 {
                    throw ValidationError("--last-good is a number of an entry, or 0 for none")
                }
            }

            func run() throws {
                try output.print(
                    folder.office().revoke(device, because: because, lastGood: lastGood)
                )
            }
        }

        struct List: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Every device, its reviewer and its key."
            )
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws { try folder.office().listDevices(output.print) }
        }
    }

    struct CallerCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "caller",
            abstract: "The systems that send cases.",
            subcommands: [Add.self]
        )

        struct Add: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Make an API key for a system; it is shown this once.",
                usage: "countersign-hub caller add billing"
            )
            @Argument(help: "A name without spaces.") var name: String
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                let key = try folder.office().addCaller(name)
                try output.print(
                    Shown(secret: key, named: "key", after: "API key for \(name), shown once:")
                )
            }
        }
    }
}

import ArgumentParser
import Console
import Hub

extension CountersignHub {
    struct Quarantine: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verdicts from revoked devices, which wait for somebody to look at them.",
            subcommands: [List.self, Show.self, Accept.self, Reject.self]
        )

        struct List: ParsableCommand {
            static let configuration = CommandConfiguration(abstract: "What waits, oldest first.")
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws { try folder.office().listQuarantine(output.print) }
        }

        struct Show: ParsableCommand {
            static let configuration = CommandConfiguration(abstract: "One of them, whole.")
            @Argument(help: "Its uid, as `quarantine list` names it.") var uid: String
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws { try output.print(folder.office().showQuarantined(uid)) }
        }

        /// Which of them, who says so, and why.
        struct Choice: ParsableArguments {
            @Argument(help: "Uids, as `quarantine list` names them.") var uids: [String] = []
            @Option(help: "All that wait of this device.") var device: String?
            @Option(help: "Who looked at them.") var by: String
            @Option(help: "Why, in a sentence.") var because: String

            func validate() throws {
                if uids.isEmpty, device == nil {
                    throw ValidationError("name uids, or a device with --device")
                }
            }

            func rule(accepting: Bool, in office: HubOffice) throws -> Shown {
                try office.rule(
                    accepting: accepting,
                    on: uids,
                    device: device,
                    by: by,
                    because: because
                )
            }
        }

        struct Accept: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Let them count.",
                usage:
                    "countersign-hub quarantine accept --device d3f… --by ada --because 'asked anna'"
            )
            @OptionGroup var choice: Choice
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                try output.print(choice.rule(accepting: true, in: folder.office()))
            }
        }

        struct Reject: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Leave them without effect for good; they stay stored."
            )
            @OptionGroup var choice: Choice
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                try output.print(choice.rule(accepting: false, in: folder.office()))
            }
        }
    }
}

import ArgumentParser
import Console
import Hub

extension CountersignHub {
    struct Adjudicate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decide a case here, in one step.",
            usage: "countersign-hub adjudicate refunds/T-1029 deny --by cleo --because 'over limit'"
        )
        @Argument(help: "WORKFLOW/ID.") var name: String
        @Argument(help: "One of the workflow's labels.") var label: String
        @Option(help: "Who decides; no party to the case.") var by: String
        @Option(help: "Why, in a sentence.") var because: String
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            try output.print(
                folder.office().adjudicate(name, label: label, by: by, because: because)
            )
        }
    }

    struct Claim: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the outcome to act on it, which seals it.",
            usage: "countersign-hub claim refunds/T-1029 --outcome sha256:…"
        )
        @Argument(help: "WORKFLOW/ID.") var name: String
        @Option(help: "The hash of the outcome that was seen.") var outcome: String?
        @Option(help: "Why, in a sentence.") var because: String?
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            try output.print(folder.office().claim(name, outcome: outcome, because: because))
        }
    }

    struct Reopen: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin another round of a sealed case, in which all verdicts count.",
            usage: "countersign-hub reopen refunds/T-1029 --because 'a late dissent was right'"
        )
        @Argument(help: "WORKFLOW/ID.") var name: String
        @Option(help: "Why, in a sentence.") var because: String
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            try output.print(folder.office().reopen(name, because: because))
        }
    }

    struct Withdraw: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a case back from everybody: nobody is to look at it any more.",
            usage: "countersign-hub withdraw refunds/T-1029 --by olga --because 'the customer left'"
        )
        @Argument(help: "WORKFLOW/ID.") var name: String
        @Option(help: "Who takes it back; shown to those who had it.") var by: String
        @Option(help: "Why, in a sentence; stays at the hub.") var because: String
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            try output.print(folder.office().withdraw(name, by: by, because: because))
        }
    }

    struct Reassign: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take cases back from who has not answered, and ask others.",
            usage: """
                countersign-hub reassign refunds/T-1029 --to ben --by olga --because 'ana is ill'
                countersign-hub reassign --reviewer ana --by olga --because 'ana is ill'
                """
        )
        @Argument(help: "WORKFLOW/ID; every case of --reviewer where left out.") var name: String?
        @Option(help: "Only what waits for this reviewer.") var reviewer: String?
        @Option(help: "Whom to ask; where left out, or not possible, whoever has the least to do.")
        var to: String?
        @Option(help: "Who says so; shown to those who had it.") var by: String
        @Option(help: "Why, in a sentence; stays at the hub.") var because: String
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func validate() throws {
            if name == nil, reviewer == nil {
                throw ValidationError("name a case, or --reviewer for all of theirs")
            }
        }

        func run() throws {
            let office = try folder.office()
            if let name {
                try output.print(
                    office.reassign(name, from: reviewer, to: to, by: by, because: because)
                )
            } else if let reviewer {
                try office.reassign(
                    allOf: reviewer,
                    to: to,
                    by: by,
                    because: because,
                    output.print
                )
            }
        }
    }

    struct Erase: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Erase the content of a case on request, here and on every node.",
            usage: "countersign-hub erase refunds/T-1029 --by ada --because 'asked for by letter'"
        )
        @Argument(help: "WORKFLOW/ID.") var name: String
        @Option(help: "Who erases it.") var by: String
        @Option(help: "Why, in a sentence that names nobody: it stays.") var because: String
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            try output.print(folder.office().erase(name, by: by, because: because))
        }
    }

    struct ActedCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "acted",
            abstract: "Record what was done about a case.",
            usage: "countersign-hub acted refunds/T-1029 --label deny"
        )
        @Argument(help: "WORKFLOW/ID.") var name: String
        @Option(help: "What was done, as a label.") var label: String
        @Option(name: .customLong("output"), help: "A file with the output as JSON, or -.")
        var outputFile: String?
        @Option(help: "When, as RFC 3339; now where left out.") var takenAt: String?
        @Option(help: "Until when it can be undone.") var reversibleUntil: String?
        @Option(help: "Why, in a sentence.") var because: String?
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            try output.print(
                folder.office().acted(
                    name,
                    label: label,
                    outputBytes: outputFile.map(readFile),
                    takenAt: takenAt,
                    reversibleUntil: reversibleUntil,
                    because: because
                )
            )
        }
    }
}

import ArgumentParser
import Console
import Node

extension Countersign {
    struct Answer: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answer one case, for scripts.",
            usage: "countersign answer refunds/T-1029 deny --reason over-limit"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Argument(help: "workflow/id") var subject: String
        @Argument(help: "A label, or its beginning.") var label: String
        @Option(help: "Refuse if the case is no longer this revision.") var revision: String?
        @Option(help: "A file with the whole edited output, as JSON.") var edit: String?
        @Option(help: "A reason code of the policy.") var reason: String?
        @Option(help: "A note for the others.") var note: String?

        func run() throws {
            var request = AnswerRequest(subject: subject, label: label)
            request.revision = revision
            request.output = try edit.map(readFile)
            request.reason = reason
            request.note = note
            try output.print(home.desk().answer(request))
        }
    }

    struct Abstain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say why you give no answer.",
            usage: "countersign abstain refunds/T-1029 --because pass"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Argument(help: "workflow/id") var subject: String
        @Option(
            help: "pass, unreviewable, needs-context, out-of-authority or conflict-of-interest."
        )
        var because: String
        @Option(help: "A note, such as what is missing.") var note: String?

        func run() throws {
            try output.print(home.desk().abstain(subject, because: because, note: note))
        }
    }

    struct Undo: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Withdraw your latest answer, or the one on a case.",
            usage: "countersign undo refunds/T-1029"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Argument(help: "workflow/id") var subject: String?

        func run() throws { try output.print(home.desk().undo(subject)) }
    }

    struct Decide: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answer many cases, one JSON object a line.",
            usage: #"echo '{"case": "refunds/T-1029", "label": "deny"}' | countersign decide"#
        )
        @OptionGroup var home: HomeOptions
        @Flag(help: "Accepted like everywhere; the results are JSON in any case.") var json = false
        @Argument(help: "A file, or - for standard input.") var file = "-"

        /// A result is printed once it is saved, so a line that was printed survives everything.
        ///
        /// Where one cannot be saved for want of room, the next cannot either: it ends there.
        func run() throws {
            let desk = try home.desk()
            var lines = LineReader(descriptor: try openFile(file))
            var areAllSaved = true
            while let line = try lines.next() {
                if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
                let (report, failure) = desk.decide(line.bytes, number: line.number)
                areAllSaved = areAllSaved && failure == nil
                try Output.standard.json(report.json)
                if let failure, failure.kind == .cannotWrite { throw failure }
            }
            if !areAllSaved { throw Ended(code: .partlyDone) }
        }
    }
}

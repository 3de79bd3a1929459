import ArgumentParser
import Console
import Glibc

/// A reviewer's node: read, decide and sync.
struct Countersign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "Review what an AI decided, with or without a network.",
        usage: """
            countersign                          a session: case, prompt, answer
            countersign sync                     hand in verdicts, fetch cases
            countersign answer refunds/T-1029 deny --note "over the limit"
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "Review",
                subcommands: [
                    Review.self, List.self, Next.self, Show.self, Why.self, Answer.self,
                    Abstain.self, Undo.self, Decide.self,
                ]
            ),
            CommandGroup(
                name: "Look back",
                subcommands: [History.self, Conflicts.self, Calibration.self]
            ),
            CommandGroup(
                name: "This machine",
                subcommands: [
                    Enrol.self, Sync.self, Attachments.self, Take.self, PreflightCommand.self,
                    BundleCommand.self, AutosyncCommand.self, Status.self, QuarantineCommand.self,
                    Verify.self,
                ]
            ),
        ]
    )

    /// On a terminal a session, otherwise help.
    func run() throws {
        guard isatty(STDIN_FILENO) == 1, Output.standard.isTerminal else {
            try Output.standard.line(Self.helpMessage())
            return
        }
        var review = try Review.parse([])
        try review.run()
    }
}

import ArgumentParser
import Console
import Glibc
import Hub

/// Administers a hub and serves it.
@main
struct CountersignHub: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign-hub",
        abstract: "The hub: takes cases, asks people, and answers callers.",
        usage: """
            countersign-hub serve
            countersign-hub policy activate refunds.yaml --by anna
            countersign-hub reviewer add ben
            countersign-hub intake cases.jsonl
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "The hub",
                subcommands: [
                    Init.self, Serve.self, BundleCommand.self, Verify.self, Backup.self,
                    Doctor.self, Restore.self, Rebuild.self, Recover.self,
                ]
            ),
            CommandGroup(
                name: "Who and by what rules",
                subcommands: [
                    ReviewerCommand.self, DeviceCommand.self, CallerCommand.self,
                    PolicyCommand.self,
                ]
            ),
            CommandGroup(
                name: "Cases",
                subcommands: [
                    Intake.self, Cases.self, CaseCommand.self, Queue.self, Outcomes.self,
                    Events.self, Conflicts.self, Adjudicate.self, Claim.self, ActedCommand.self,
                    Reopen.self, Withdraw.self, Reassign.self, Quarantine.self, Erase.self,
                ]
            ),
            CommandGroup(name: "Evidence", subcommands: [Oversight.self, Export.self]),
        ]
    )

    static func main() async {
        umask(0o077)  // What a hub writes is for its owner alone.
        signal(SIGPIPE, SIG_IGN)  // A reader that leaves is an error we can name.
        Glibc.exit(await Runner.run(Array(CommandLine.arguments.dropFirst())))
    }
}

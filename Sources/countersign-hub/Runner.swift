import ArgumentParser
import Console
import Hub

/// Runs a command line and says how it ended: every error becomes a sentence and an exit code.
enum Runner {
    static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try CountersignHub.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return ExitCode.done.rawValue
        } catch let error as OutputFailure where error == .nobodyReads {
            return ExitCode.done.rawValue
        } catch let failure as CommandFailure {
            return failure.report(asJSON: wantsJSON(arguments)).rawValue
        } catch let ended as Ended {
            return ended.code.rawValue
        } catch let error as HubFailure {
            return CommandFailure(error).report(asJSON: wantsJSON(arguments)).rawValue
        } catch let error where isOfTheParser(error) {
            let mistyped = CommandFailure(
                mistyped: arguments,
                of: "countersign-hub",
                commands: commands
            )
            if let mistyped { return mistyped.report(asJSON: wantsJSON(arguments)).rawValue }
            return parserSays(error, asJSON: wantsJSON(arguments))
        } catch {
            return CommandFailure(HubFailure(error)).report(asJSON: wantsJSON(arguments)).rawValue
        }
    }

    private static func wantsJSON(_ arguments: [String]) -> Bool { arguments.contains("--json") }

    /// What may be typed as the first word.
    private static var commands: [String] {
        let groups = CountersignHub.configuration.groupedSubcommands.flatMap(\.subcommands)
        return groups.map { $0._commandName } + ["help"]
    }

    private static func isOfTheParser(_ error: any Error) -> Bool {
        CountersignHub.exitCode(for: error) != .failure
    }

    /// Help goes to standard output; wrong usage is an error like any other.
    private static func parserSays(_ error: any Error, asJSON: Bool) -> Int32 {
        let code = CountersignHub.exitCode(for: error)
        guard code != .success else {
            try? Output.standard.line(CountersignHub.fullMessage(for: error))
            return Console.ExitCode.done.rawValue
        }
        if asJSON {
            return CommandFailure(
                "usage",
                CountersignHub.message(for: error),
                hint: "see `countersign-hub --help`",
                exitCode: .usage
            ).report(asJSON: true).rawValue
        }
        try? Output.notes.line(CountersignHub.fullMessage(for: error))
        return Console.ExitCode.usage.rawValue
    }
}

/// A command that has said all there is to say, and did not succeed in everything.
struct Ended: Error {
    let code: Console.ExitCode
}

extension CommandFailure {
    init(_ failure: HubFailure) {
        let exitCode: Console.ExitCode =
            switch failure.kind {
            case .badInput, .tooLarge, .wrongContent, .outOfRange: .badInput
            case .notFound: .notFound
            case .refused: .refused
            case .notAllowed, .unknownCaller: .notAllowed
            case .cannotWrite: .cannotWrite
            case .tryLater, .tooOften: .tryLater
            case .failed: .failed
            }
        self.init(
            failure.code,
            failure.message,
            hint: failure.hint,
            retryable: failure.isRetryable,
            exitCode: exitCode
        )
    }
}

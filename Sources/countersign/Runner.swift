import ArgumentParser
import Console
import Node
import SyncTransport

/// Runs a command line and says how it ended: every error becomes a sentence and an exit code.
enum Runner {
    static func run(_ arguments: [String]) -> Int32 {
        let asJSON = arguments.contains("--json")
        do {
            var command = try Countersign.parseAsRoot(arguments)
            try command.run()
            return Console.ExitCode.done.rawValue
        } catch let error as OutputFailure where error == .nobodyReads {
            return Console.ExitCode.done.rawValue
        } catch let ended as Ended {
            return ended.code.rawValue
        } catch let error where isOfTheParser(error) {
            let mistyped = CommandFailure(
                mistyped: arguments,
                of: "countersign",
                commands: commands
            )
            if let mistyped { return mistyped.report(asJSON: asJSON).rawValue }
            return parserSays(error, asJSON: asJSON)
        } catch {
            return CommandFailure(any: error).report(asJSON: asJSON).rawValue
        }
    }

    /// What may be typed as the first word.
    private static var commands: [String] {
        let groups = Countersign.configuration.groupedSubcommands.flatMap(\.subcommands)
        return groups.map { $0._commandName } + ["help"]
    }

    private static func isOfTheParser(_ error: any Error) -> Bool {
        Countersign.exitCode(for: error) != .failure
    }

    /// Help goes to standard output; wrong usage is an error like any other.
    private static func parserSays(_ error: any Error, asJSON: Bool) -> Int32 {
        guard Countersign.exitCode(for: error) != .success else {
            try? Output.standard.line(Countersign.fullMessage(for: error))
            return Console.ExitCode.done.rawValue
        }
        guard asJSON else {
            try? Output.notes.line(Countersign.fullMessage(for: error))
            return Console.ExitCode.usage.rawValue
        }
        return CommandFailure(
            "usage",
            Countersign.message(for: error),
            hint: "see `countersign --help`",
            exitCode: .usage
        ).report(asJSON: true).rawValue
    }
}

/// A command that has said all there is to say, and did not succeed in everything.
struct Ended: Error {
    let code: Console.ExitCode
}

extension CommandFailure {
    /// Whatever a command threw.
    init(any error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as TransportError: self.init(error)
        default: self.init(NodeFailure(error))
        }
    }

    private init(_ failure: NodeFailure) {
        let exitCode: Console.ExitCode =
            switch failure.kind {
            case .badInput: .badInput
            case .notFound: .notFound
            case .refused: .refused
            case .cannotWrite: .cannotWrite
            case .tryLater, .busy: .tryLater
            case .tooOld: .tooOld
            case .notAllowed: .notAllowed
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

    /// A transport's own sentence holds what happened, what is safe and what to type.
    private init(_ error: TransportError) {
        let (code, exitCode): (String, Console.ExitCode) =
            switch error {
            case .unreachable: ("offline", .tryLater)
            case .stalled: ("stalled", .tryLater)
            case .interrupted: ("interrupted", .tryLater)
            case .certificate: ("certificate", .notAllowed)
            case .tooLarge: ("tooLarge", .badInput)
            case .badAddress: ("badAddress", .usage)
            }
        let parts = error.description.split(separator: "; ")
        self.init(
            code,
            parts.dropLast().joined(separator: "; "),
            hint: parts.last.map(String.init),
            retryable: exitCode == .tryLater,
            exitCode: exitCode
        )
    }
}

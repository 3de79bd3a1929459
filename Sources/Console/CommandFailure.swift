package import Review

/// How a command fails: a sentence for a person, a code for a script, an exit code for a shell.
///
/// `message` says what happened and what is safe; `hint` what to type next.
package struct CommandFailure: Error, Equatable {
    /// Stable, camelCase, what `countersign explain` takes.
    package let code: String
    package let message: String
    package let hint: String?
    /// Whether the same command may succeed later, with nothing changed.
    package let retryable: Bool
    package let exitCode: ExitCode

    package init(
        _ code: String,
        _ message: String,
        hint: String? = nil,
        retryable: Bool = false,
        exitCode: ExitCode
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.retryable = retryable
        self.exitCode = exitCode
    }
}

extension CommandFailure: CustomStringConvertible {
    package var description: String { [message, hint].compactMap { $0 }.joined(separator: "; ") }
}

extension CommandFailure {
    /// What `--json` prints on stderr: `error {code, message, hint, retryable}`; `hint` may be null.
    package var json: JSON {
        [
            "error": [
                "code": .string(code), "message": .string(message),
                "hint": hint.map { .string($0) } ?? .null, "retryable": .bool(retryable),
            ]
        ]
    }

    /// The lines for a person, safe to print: the message, then the hint.
    package var lines: [String] { [message, hint].compactMap { $0 }.map { escaped($0, .shown) } }

    /// Prints the failure as notes are printed, and returns what the process should exit with.
    ///
    /// A note that cannot be written is dropped: there is nowhere left to say so.
    package func report(asJSON: Bool, to output: Output = .notes) -> ExitCode {
        let lines = asJSON ? [json.canonical] : lines
        for line in lines { try? output.line(line) }
        return exitCode
    }
}

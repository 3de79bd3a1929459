import Console
import Review
import Testing

@Suite("How a command fails")
struct CommandFailureTests {
    let failure = CommandFailure(
        "noSuchCase",
        "no case \u{1B}[31mrefunds/T-1 here; nothing was saved",
        hint: "did you mean refunds/T-10?",
        exitCode: .notFound
    )

    @Test func `a person reads the message, then the hint, and nothing of it acts`() {
        #expect(
            failure.lines == [
                #"no case \u{1B}[31mrefunds/T-1 here; nothing was saved"#,
                "did you mean refunds/T-10?",
            ]
        )
    }

    @Test(arguments: [
        ("synk", "did you mean `countersign sync`?"), ("xyzzyx", "see `countersign --help`"),
    ])
    func `a mistyped command gets the nearest`(typed: String, hint: String) throws {
        func failure(_ first: String) -> CommandFailure? {
            CommandFailure(mistyped: [first], of: "countersign", commands: ["sync", "status"])
        }
        #expect(failure(typed)?.hint == hint)
        #expect(failure(typed)?.exitCode == .usage)
        #expect(failure("sync") == nil)
        #expect(failure("--help") == nil)
    }

    @Test func `a script reads one object`() {
        let expected =
            #"{"error":{"code":"noSuchCase","hint":"did you mean refunds/T-10?","message":"#
            + #""no case \u001b[31mrefunds/T-1 here; nothing was saved","retryable":false}}"#
        #expect(failure.json.canonical == expected)
    }

    @Test func `exit codes are those of the manual`() {
        let all: [ExitCode] = [
            .done, .failed, .partlyDone, .budgetSpent, .usage, .badInput, .notFound, .refused,
            .cannotWrite, .tryLater, .tooOld, .notAllowed,
        ]
        #expect(all.map(\.rawValue) == [0, 1, 3, 4, 64, 65, 66, 69, 73, 75, 76, 77])
    }
}

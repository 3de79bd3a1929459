import ArgumentParser
import Console
import Glibc
import Node

extension Countersign {
    struct Review: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A session: a case, a prompt, an answer.",
            usage: "countersign review --workflow refunds --count 10"
        )
        @OptionGroup var home: HomeOptions
        @Option(help: "Only this workflow.") var workflow: String?
        @Option(help: "End after so many.") var count: Int?
        @Flag(help: "One `name: value` a line, ASCII.") var plain = false

        mutating func run() throws {
            var input = LineReader()
            let look = Look(of: .standard, plain: plain)
            let session = Session(
                try home.desk(),
                columns: look.columns,
                isPlain: look.isPlain,
                isPiped: !input.isTerminal,
                workflow: workflow,
                limit: count
            )
            try Loop(session: session, isPlain: look.isPlain).run(&input)
            // Who typed has read it; a script looks at the exit code.
            if !input.isTerminal, let trouble = session.trouble { throw trouble }
        }
    }
}

/// The terminal around a session: prints replies, reads lines, opens the editor.
private struct Loop {
    let session: Session
    let isPlain: Bool

    func run(_ input: inout LineReader) throws {
        var reply = try session.start(at: Self.instant())
        while true {
            try show(reply)
            switch reply.next {
            case .end:
                if session.hasBegun { try Output.standard.line(try session.summary()) }
                return
            case .open(let path):
                reply = try shown(path)
            case .edit(let text):
                reply = session.edited(try Editor.edit(text))
            case .prompt:
                input.discardTypedAhead()
                try Output.notes.write("> ")
                guard let line = try input.next() else {
                    try Output.notes.line("")
                    try Output.standard.line(try session.summary())
                    return
                }
                reply = session.handle(line.text, at: Self.instant())
            }
        }
    }

    /// What there is to say once a file was shown; where nothing can show it, where it is.
    private func shown(_ path: String) throws -> Reply {
        do { return Reply(try Opener.open(path) ? [] : [path]) } catch let failure as CommandFailure
        {
            return Reply([failure.message, failure.hint ?? ""])
        }
    }

    private func show(_ reply: Reply) throws {
        for line in reply.lines {
            try Output.standard.line(escaped(line, .shown, ascii: isPlain))
        }
    }

    /// Monotonic milliseconds: what a wrong or jumping clock cannot change.
    private static func instant() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

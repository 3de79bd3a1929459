import Console
import Glibc
import Testing

@Suite("Progress")
struct ProgressTests {
    /// What is written when it is told every 100 ms for so long.
    private func written(
        seconds: Int64,
        environment: [String: String],
        isTerminal: Bool
    ) throws -> String {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let look = Look(isTerminal: isTerminal, columns: 80, plain: false) { environment[$0] }
        var progress = Progress(on: Output(descriptor: ends[1]), look: look)
        for tick in 0...seconds * 10 { progress.tell("at \(tick)", at: tick * 100) }
        progress.end()
        close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 60_000)
        let count = max(0, read(ends[0], &bytes, bytes.count))
        close(ends[0])
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    @Test func `says nothing in the first second`() throws {
        let terminal = LookTests.terminal
        #expect(try written(seconds: 0, environment: terminal, isTerminal: true) == "")
        #expect(try written(seconds: 9, environment: terminal, isTerminal: false) == "")
    }

    @Test func `a terminal has one line, written over and taken away`() throws {
        let text = try written(seconds: 2, environment: LookTests.terminal, isTerminal: true)
        let clear = "\r\u{1B}[K"
        #expect(
            text == [10, 12, 14, 16, 18, 20].map { "\(clear)at \($0)" }.joined() + clear
        )
    }

    @Test(arguments: [true, false])
    func `a log or a dumb terminal has a line each ten seconds`(isTerminal: Bool) throws {
        let dumb = ["TERM": "dumb", "LANG": "C.UTF-8"]
        #expect(
            try written(seconds: 35, environment: dumb, isTerminal: isTerminal)
                == "at 100\nat 200\nat 300\n"
        )
    }
}

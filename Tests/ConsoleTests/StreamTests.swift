import Console
import Dispatch
import Glibc
import Synchronization
import Testing

/// Both ends of a pipe, closed when the test lets go of them.
private final class Pipe {
    let reading: Int32
    private(set) var writing: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        close(reading)
        endWriting()
    }

    func endWriting() {
        if writing >= 0 { close(writing) }
        writing = -1
    }

    func put(_ bytes: [UInt8]) { #expect(write(writing, bytes, bytes.count) == bytes.count) }
}

/// Both ends of a terminal (Linux, pts(4)): what is written to `keyboard` was typed.
private func pseudoterminal() throws -> (keyboard: Int32, screen: Int32) {
    let getNumber: UInt = 0x8004_5430  // TIOCGPTN
    let setLock: UInt = 0x4004_5431  // TIOCSPTLCK
    let keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var number: Int32 = 0
    var locked: Int32 = 0
    try #require(ioctl(keyboard, setLock, &locked) == 0)
    try #require(ioctl(keyboard, getNumber, &number) == 0)
    let screen = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    try #require(screen >= 0)
    return (keyboard, screen)
}

@Suite("Lines out")
struct OutputTests {
    @Test func `a line is whole, with its line feed`() throws {
        let pipe = try Pipe()
        try Output(descriptor: pipe.writing).line("saved: deny")
        pipe.endWriting()
        var reader = LineReader(descriptor: pipe.reading)
        #expect(try reader.next()?.text == "saved: deny")
        #expect(try reader.next() == nil)
    }

    @Test func `a full non-blocking pipe is waited for`() throws {
        let pipe = try Pipe()
        #expect(fcntl(pipe.writing, F_SETFL, O_NONBLOCK) == 0)
        let text = String(repeating: "x", count: 1 << 20)  // A pipe holds 64 KiB.
        let reading = pipe.reading
        let writer = Output(descriptor: pipe.writing)
        let total = Mutex(0)
        let reader = DispatchWorkItem {
            var buffer = [UInt8](repeating: 0, count: 4096)
            var count = 0
            while count < text.utf8.count + 1 { count += max(0, read(reading, &buffer, 4096)) }
            total.withLock { $0 = count }
        }
        DispatchQueue(label: "reader").async(execute: reader)
        try writer.line(text)
        reader.wait()
        #expect(total.withLock { $0 } == text.utf8.count + 1)
    }

    @Test func `a reader that left is no complaint`() async {
        await #expect(processExitsWith: .exitCode(9)) {
            signal(SIGPIPE, SIG_IGN)
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { return }
            close(ends[0])
            do { try Output(descriptor: ends[1]).line("x") } catch OutputFailure.nobodyReads {
                exit(9)
            }
        }
    }

    @Test func `a full disk is a failure that says so`() throws {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        #expect(throws: OutputFailure.notWritten(reason: "No space left on device")) {
            try Output(descriptor: full).line("x")
        }
    }
}

@Suite("Lines in")
struct LineReaderTests {
    @Test func `lines end in either way, and the last in none`() throws {
        let pipe = try Pipe()
        pipe.put(Array("one\r\n\ntwo".utf8))
        pipe.endWriting()
        var reader = LineReader(descriptor: pipe.reading)
        #expect(try reader.next()?.text == "one")
        #expect(try reader.next()?.text == "")
        let last = try reader.next()
        #expect(last?.text == "two")
        #expect(last?.number == 3)
        #expect(last?.flaw == nil)
        #expect(try reader.next() == nil)
    }

    @Test func `wrong bytes are repaired and reported, and the next line is whole`() throws {
        let pipe = try Pipe()
        pipe.put([0x61, 0xFF, 0x62, 0x0A] + Array("fine\n".utf8))
        pipe.endWriting()
        var reader = LineReader(descriptor: pipe.reading)
        let wrong = try reader.next()
        #expect(wrong?.text == "a\u{FFFD}b")
        #expect(wrong?.flaw == .invalidUTF8)
        #expect(try reader.next()?.text == "fine")
    }

    @Test func `a line over the limit is cut, and the next line is whole`() throws {
        let pipe = try Pipe()
        pipe.put(Array("12345\n123456\n1234\n".utf8))
        pipe.endWriting()
        var reader = LineReader(descriptor: pipe.reading, limit: 5)
        #expect(try reader.next()?.flaw == nil)
        let long = try reader.next()
        #expect(long?.text == "12345")
        #expect(long?.flaw == .tooLong)
        #expect(try reader.next()?.text == "1234")
    }

    @Test func `a terminal forgets what was typed ahead, a pipe does not`() throws {
        let pipe = try Pipe()
        pipe.put(Array("refunds/T-1 1\n".utf8))
        var piped = LineReader(descriptor: pipe.reading)
        piped.discardTypedAhead()
        #expect(try piped.next()?.text == "refunds/T-1 1")

        let (keyboard, screen) = try pseudoterminal()
        defer {
            close(screen)
            close(keyboard)
        }
        var typed = LineReader(descriptor: screen)
        #expect(write(keyboard, "0\n1\n2\n", 6) == 6)
        #expect(try typed.next()?.text == "0")
        typed.discardTypedAhead()
        #expect(write(keyboard, "3\n", 2) == 2)
        #expect(try typed.next()?.text == "3")
    }
}

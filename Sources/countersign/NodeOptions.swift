import ArgumentParser
import Console
import Glibc
import Node
import Review

/// Where the node is.
struct HomeOptions: ParsableArguments {
    @Option(help: "The node's folder (or COUNTERSIGN_HOME).")
    var home: String?

    func place() -> NodeHome {
        NodeHome(folder: home ?? Self.variable("COUNTERSIGN_HOME") ?? Self.standard)
    }

    /// The node that is there; its absence is an error that says how to enrol.
    func desk() throws -> Desk { try Desk(home: place(), now: Self.now) }

    private static var standard: String {
        let data = variable("XDG_DATA_HOME") ?? (variable("HOME") ?? ".") + "/.local/share"
        return data + "/countersign"
    }

    static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    @Sendable static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// How a command answers.
struct PrintOptions: ParsableArguments {
    @Flag(help: "One JSON object a line.")
    var json = false

    @Flag(help: "Say nothing when nothing happened.")
    var quiet = false

    func print(_ report: Report) throws { try print(report, to: .standard) }

    func print(_ report: Report, to place: Output) throws {
        if json { return try place.json(report.json) }
        for line in report.lines { try place.line(escaped(line, .shown)) }
    }
}

/// Reads a file whole, `-` for standard input.
func readFile(_ path: String) throws -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw NodeError.noSuchFile(path) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        if count == 0 { return bytes }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw NodeError.noSuchFile(path) }
        bytes += chunk[..<count]
    }
}

/// Opens a file for reading, `-` for standard input.
func openFile(_ path: String) throws -> Int32 {
    if path == "-" { return STDIN_FILENO }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw NodeError.noSuchFile(path) }
    return descriptor
}

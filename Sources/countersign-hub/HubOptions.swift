import ArgumentParser
import Console
import Glibc
import Hub

/// Where the hub is.
struct FolderOptions: ParsableArguments {
    @Option(help: "The hub's folder (or COUNTERSIGN_HUB_DATA).")
    var data: String?

    func folder() throws -> HubFolder {
        try HubFolder(given: data) { name in getenv(name).map { String(cString: $0) } }
    }

    /// The hub that is there; its absence is an error that says how to make one.
    func office() throws -> HubOffice { try HubOffice(in: folder(), opener: storeOpener) }
}

/// Where a hub that is made keeps its records.
struct DatabaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep the records in PostgreSQL; F says where (or COUNTERSIGN_HUB_DATABASE).",
            valueName: "F"
        )
    )
    var databaseFile: String?

    /// The folder, and in it or beside it where the records are to be.
    func folder(_ folder: FolderOptions) throws -> HubFolder {
        var place = try folder.folder()
        if let databaseFile {
            place.address = String(decoding: try readFile(databaseFile), as: UTF8.self)
        }
        return place
    }
}

/// How a command answers.
struct PrintOptions: ParsableArguments {
    @Flag(help: "One JSON object a line.")
    var json = false

    func print(_ shown: Shown) throws { try print(shown, to: .standard) }

    func print(_ shown: Shown, to place: Output) throws {
        if json {
            try place.json(shown.json)
        } else {
            for line in shown.lines { try place.line(escaped(line, .shown)) }
        }
    }
}

/// Reads what is named, `-` for standard input, whole.
func readFile(_ path: String) throws -> [UInt8] {
    let descriptor = try openFile(path)
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        if count == 0 { return bytes }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw cannotRead(path) }
        bytes += chunk[..<count]
    }
}

/// Opens what is named, `-` for standard input.
func openFile(_ path: String) throws -> Int32 {
    if path == "-" { return STDIN_FILENO }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw cannotRead(path) }
    return descriptor
}

private func cannotRead(_ path: String) -> CommandFailure {
    CommandFailure(
        "noFile",
        "\(path) cannot be read (\(String(cString: strerror(errno)))); nothing was changed",
        hint: "name a file that is there, or - for standard input",
        exitCode: .notFound
    )
}

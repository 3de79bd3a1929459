import ArgumentParser
import Console
import Hub
import Logging

extension CountersignHub {
    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a hub's keys and database, and nothing else.",
            usage: "countersign-hub init --data hub"
        )
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            let office = try HubOffice(in: folder.folder(), making: true)
            try output.print(office.shown)
        }
    }

    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Serve nodes and callers; makes the hub where there is none.",
            usage: "countersign-hub serve --listen 127.0.0.1:8470"
        )
        @Option(help: "Where to listen; port 0 takes a free one.")
        var listen = "127.0.0.1:8470"
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() async throws {
            let address = try ListenAddress(listen)
            let office = try HubOffice(in: folder.folder(), making: true)
            var logger = Logger(label: "countersign-hub") { NotesLog(label: $0) }
            logger.logLevel = .warning
            let greeting = Greeting(office: office, data: folder.data, asJSON: output.json)
            let server = HubServer(office, on: address, logger: logger) { greeting.say(url: $0) }
            try await server.run()
        }
    }
}

/// What a server says once it listens: where, and what to type next.
private struct Greeting: Sendable {
    let office: HubOffice
    let data: String?
    let asJSON: Bool

    func say(url: String) {
        let start = "countersign-hub "
        let end = data.map { " --data \($0)" } ?? ""
        let commands = (try? office.nextSteps) ?? []
        let lines =
            asJSON
            ? [office.listening(on: url)]
            : ["listening on \(url)", "next, in another terminal:"]
                + commands.map { "  \(start)\($0)\(end)" }
        for line in lines { try? Output.standard.line(line) }  // Nobody may be reading.
    }
}

/// Log lines go where notes go, a line each.
private struct NotesLog: LogHandler {
    let label: String
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    init(label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let line = (["\(event.level): \(event.message)"] + fields).joined(separator: " ")
        try? Output.notes.line(escaped(line, .shown))
    }
}

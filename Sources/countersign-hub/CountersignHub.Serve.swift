import ArgumentParser
import Console
import Hub
import Logging

extension CountersignHub {
    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a hub's keys, certificate and database, and nothing else.",
            usage: "countersign-hub init --data hub --name hub.example.org"
        )
        @Option(help: "A host name or address that nodes will use; may be repeated.")
        var name: [String] = []
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            let names = try name.map { try HostName($0) }
            let office = try HubOffice(
                in: database.folder(folder),
                making: true,
                opener: storeOpener
            )
            try office.prepareTLS(names: names)
            try output.print(office.shown)
        }
    }

    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Serve nodes and callers; makes the hub where there is none.",
            usage: "countersign-hub serve --listen 127.0.0.1:8470"
        )
        @Option(help: "Where to listen; port 0 takes a free one. Not on loopback: https.")
        var listen = "127.0.0.1:8470"
        @Flag(help: "Speak https on loopback too.") var tls = false
        @Option(help: "Serve this certificate chain (PEM) and not the hub's own.")
        var tlsCert: String?
        @Option(help: "The key (PEM) of --tls-cert.") var tlsKey: String?
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func validate() throws {
            guard (tlsCert == nil) == (tlsKey == nil) else {
                throw ValidationError("--tls-cert and --tls-key belong together.")
            }
        }

        func run() async throws {
            let address = try ListenAddress(listen)
            let office = try HubOffice(in: folder.folder(), making: true, opener: storeOpener)
            try office.prepareTLS(names: address.names)
            try office.noticeOtherPast()
            try office.publishAgreement()
            var logger = Logger(label: "countersign-hub") { NotesLog(label: $0) }
            logger.logLevel = .warning
            let greeting = Greeting(office: office, data: folder.data, asJSON: output.json)
            let server = HubServer(
                office,
                on: address,
                encryption: try encryption(of: office, on: address),
                logger: logger
            ) { greeting.say(url: $0) }
            try await server.run()
        }

        private func encryption(
            of office: HubOffice,
            on address: ListenAddress
        ) throws
            -> Encryption?
        {
            if let tlsCert, let tlsKey {
                return try Encryption(certificateFile: tlsCert, keyFile: tlsKey)
            }
            if address.isLoopback && !tls { return nil }
            return try Encryption(of: office, names: address.names)
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

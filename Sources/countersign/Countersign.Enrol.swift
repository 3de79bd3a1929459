import ArgumentParser
import Glibc
import Node
import SyncTransport

extension Countersign {
    struct Enrol: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Join a hub with a token from its administrator.",
            usage: """
                countersign enrol http://127.0.0.1:8470 --token-file token.txt
                countersign enrol --print-request --token-file token.txt > request.json
                countersign enrol --accept answer.down
                """
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Argument(help: "The hub's address; without it, the one in the token.") var url: String?
        @Option(help: "A file with the token, or - for standard input.") var tokenFile: String?
        @Option(help: "What to call this device.") var name: String?
        @Flag(help: "Use no network: print a request for the hub to import.") var printRequest =
            false
        @Option(help: "The hub's answer to a printed request, a bundle; - for standard input.")
        var accept: String?

        func validate() throws {
            guard (accept == nil) == (tokenFile != nil) else {
                throw ValidationError("--token-file is needed, except with --accept")
            }
            guard accept == nil || !printRequest else {
                throw ValidationError("--print-request comes first, and --accept after the hub")
            }
        }

        func run() throws {
            if let accept { return try finish(readFile(accept)) }
            let tokenFile = tokenFile ?? "-"
            let text = String(decoding: try readFile(tokenFile), as: UTF8.self)
            let enrolment = try Enrolment(
                home: home.place(),
                token: text,
                deviceName: name ?? Self.hostName,
                now: HomeOptions.now()
            )
            if printRequest { return try output.print(enrolment.carriedRequest(.system)) }
            let address = try HubURL(url ?? enrolment.hubAddress)
            let authority = try authority(for: enrolment, at: address)
            let report = try enrolment.join(
                at: address.text,
                trusting: authority,
                exchange(with: address.text, authority)
            )
            try output.print(report)
            let desk = try home.desk()
            var sync = SyncRun(
                desk,
                SyncOrder(),
                pace: .system,
                exchange: try exchange(with: address.text, authority)
            )
            let summary = try sync.run()
            if !output.json { try output.print(summary.report) }
        }

        private func finish(_ answer: [UInt8]) throws {
            let enrolment = try Enrolment(begunIn: home.place(), now: HomeOptions.now())
            let (joined, summary) = try enrolment.accept(answer, .system)
            try output.print(joined)
            if !output.json { try output.print(summary) }
        }

        private static var hostName: String {
            var name = [CChar](repeating: 0, count: 256)
            gethostname(&name, name.count - 1)
            return String(
                decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
                as: UTF8.self
            )
        }
    }
}

import ArgumentParser
import Console
import Glibc
import Node
import SyncTransport

extension Countersign {
    struct Sync: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hand in verdicts, and fetch cases and outcomes.",
            usage: "countersign sync"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Flag(help: "Wait for another sync on this machine to end.") var wait = false

        func run() throws {
            let desk = try home.desk()
            var sync = SyncRun(desk, try exchange(with: desk.hubAddress, desk.hubAuthority))
            do {
                let lock = try SyncLock(path: home.place().lockPath, wait: wait)
                let summary = try sync.run()
                withExtendedLifetime(lock) {}
                if !(output.quiet && summary.isQuiet) { try output.print(summary.report) }
                if !summary.isCaughtUp { throw Ended(code: .partlyDone) }
            } catch let ended as Ended {
                throw ended
            } catch {
                let failure = CommandFailure(any: error)
                if output.json { try output.print(sync.summary.report(of: failure.syncResult)) }
                throw failure
            }
        }
    }

    struct Enrol: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Join a hub with a token from its administrator.",
            usage: "countersign enrol http://127.0.0.1:8470 --token-file token.txt"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Argument(help: "The hub's address; without it, the one in the token.") var url: String?
        @Option(help: "A file with the token, or - for standard input.") var tokenFile: String
        @Option(help: "What to call this device.") var name: String?

        func run() throws {
            let text = String(decoding: try readFile(tokenFile), as: UTF8.self)
            let enrolment = try Enrolment(
                home: home.place(),
                token: text,
                deviceName: name ?? Self.hostName,
                now: HomeOptions.now()
            )
            let address = try HubURL(url ?? enrolment.hubAddress)
            let authority = try authority(for: enrolment, at: address)
            let report = try enrolment.join(
                at: address.text,
                trusting: authority,
                exchange(with: address.text, authority)
            )
            try output.print(report)
            let desk = try home.desk()
            var sync = SyncRun(desk, try exchange(with: address.text, authority))
            let summary = try sync.run()
            if !output.json { try output.print(summary.report) }
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

extension CommandFailure {
    /// The word that `sync --json` has for how it ended.
    fileprivate var syncResult: String {
        switch exitCode {
        case .tryLater: code == "busy" ? "busy" : "offline"
        case .refused: "refused"
        case .tooOld: "tooOld"
        case .notAllowed: "notAllowed"
        case .cannotWrite: "diskFull"
        default: "failed"
        }
    }
}

/// The one authority that the token lets this machine trust, fetched from whoever answers there and
/// believed for its fingerprint alone; nil where the system's authorities must do.
private func authority(for enrolment: Enrolment, at address: HubURL) throws -> [UInt8]? {
    guard enrolment.mustPin(at: address.text) else { return nil }
    var client = HTTPClient(trust: .anybody)
    var certificate: [UInt8] = []
    let request = Request(.get, address.appending("/v1/authority"), replyLimit: 64 << 10)
    try client.send(request) { certificate += $1 }
    try enrolment.check(authority: certificate)
    return certificate
}

/// Requests to the hub at `address` over one kept connection; `authority` is then trusted alone.
private func exchange(with address: String, _ authority: [UInt8]?) throws -> Exchange {
    let url = try HubURL(address)
    let connection = Connection(trust: authority.map { .authority($0) } ?? .system)
    return { request, onPiece in
        try connection.send(
            Request(
                .post,
                url.appending(request.path),
                headers: request.headers,
                body: request.body,
                replyLimit: request.replyLimit
            ),
            onPiece
        )
    }
}

/// Keeps the client, which cannot be copied, where a closure can reach it.
private final class Connection {
    private var client: HTTPClient

    init(trust: Trust) { client = HTTPClient(trust: trust) }

    func send(
        _ request: Request,
        _ onPiece: (WireHead, [UInt8]) throws -> Void
    ) throws -> WireHead {
        WireHead(try client.send(request) { try onPiece(WireHead($0), $1) })
    }
}

extension WireHead {
    fileprivate init(_ response: Response) {
        self.init(
            status: response.status,
            mediaType: response.header("content-type") ?? "",
            retryAfterSeconds: response.header("retry-after").flatMap { Int($0) }
        )
    }
}

/// One network sync at a time on a machine: a kernel lock, which dies with its process.
private final class SyncLock {
    private let descriptor: Int32

    init(path: String, wait: Bool) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw NodeError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, wait ? LOCK_EX : LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw NodeError.syncRunning
        }
    }

    deinit { close(descriptor) }
}

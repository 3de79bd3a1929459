import Console
import Glibc
import Node
import SyncTransport

/// Requests to the hub at `address` over one kept connection; `authority` is then trusted alone.
func exchange(with address: String, _ authority: [UInt8]?) throws -> Exchange {
    let url = try HubURL(address)
    let connection = Connection(trust: authority.map { .authority($0) } ?? .system)
    return { request, onPiece in
        try connection.send(
            Request(
                request.method == .get ? .get : .post,
                url.appending(request.path),
                headers: request.headers,
                body: request.body,
                replyLimit: request.replyLimit,
                patienceSeconds: request.patienceMilliseconds.map {
                    Int(clamping: ($0 + 999) / 1000)
                }
                    ?? HTTPClient.stallSeconds
            ),
            onPiece
        )
    }
}

/// The one authority that the token lets this machine trust, fetched from whoever answers there and
/// believed for its fingerprint alone; nil where the system's authorities must do.
func authority(for enrolment: Enrolment, at address: HubURL) throws -> [UInt8]? {
    guard enrolment.mustPin(at: address.text) else { return nil }
    var client = HTTPClient(trust: .anybody)
    var certificate: [UInt8] = []
    let request = Request(.get, address.appending("/v1/authority"), replyLimit: 64 << 10)
    try client.send(request) { certificate += $1 }
    try enrolment.check(authority: certificate)
    return certificate
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
            retryAfterSeconds: response.header("retry-after").flatMap { Int64($0) },
            contentRange: response.header("content-range")
        )
    }
}

extension Pace {
    /// This machine's monotonic clock.
    static let system = Pace(
        elapsed: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        },
        sleep: { usleep(UInt32($0) * 1000) }
    )
}

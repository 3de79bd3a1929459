import Console
import Glibc
import Node
import SyncTransport

/// Requests to the hub at `address` over one kept connection.
func exchange(with address: String) throws -> Exchange {
    let url = try HubURL(address)
    let connection = Connection()
    return { request, onPiece in
        try connection.send(
            Request(
                .post,
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

/// Keeps the client, which cannot be copied, where a closure can reach it.
private final class Connection {
    private var client = HTTPClient()

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
            retryAfterSeconds: response.header("retry-after").flatMap { Int64($0) }
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

/// One request to the hub, without its address.
package struct WireRequest: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST" }

    package var method = Method.post
    package let path: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// How long nothing may move before it is given up; nil for as long as the transport waits.
    package let patienceMilliseconds: Int64?
    /// The most that a reply to it may hold.
    package let replyLimit: Int
}

/// The head of a reply.
package struct WireHead: Sendable {
    package let status: Int
    package let mediaType: String
    /// How long the other side asks to be left alone (`Retry-After`).
    package let retryAfterSeconds: Int64?
    /// Which bytes of a file the body is (`Content-Range`).
    package let contentRange: String?

    package init(
        status: Int,
        mediaType: String,
        retryAfterSeconds: Int64? = nil,
        contentRange: String? = nil
    ) {
        self.status = status
        self.mediaType = mediaType
        self.retryAfterSeconds = retryAfterSeconds
        self.contentRange = contentRange
    }

    /// Whether the other side has too much to do, whoever it is.
    var isBusy: Bool { status == 429 || status == 503 }
}

/// How a request travels: brought by the executable, which owns the transport.
///
/// Blocks.
///
/// Hands over each piece of the reply as it comes, with the reply's head; returns once it is whole.
package typealias Exchange = (
    _ request: WireRequest, _ onPiece: (WireHead, [UInt8]) throws -> Void
) throws -> WireHead

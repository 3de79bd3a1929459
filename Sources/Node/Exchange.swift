/// One request to the hub, without its address.
package struct WireRequest: Sendable {
    package let path: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// The most that a reply to it may hold.
    package let replyLimit: Int
}

/// The head of a reply.
package struct WireHead: Sendable {
    package let status: Int
    package let mediaType: String
    /// How long the other side asks to be left alone.
    package let retryAfterSeconds: Int?

    package init(status: Int, mediaType: String, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.mediaType = mediaType
        self.retryAfterSeconds = retryAfterSeconds
    }
}

/// How a request travels: brought by the executable, which owns the transport.
///
/// Blocks.
///
/// Hands over each piece of the reply as it comes, with the reply's head; returns once it is whole.
package typealias Exchange = (
    _ request: WireRequest, _ onPiece: (WireHead, [UInt8]) throws -> Void
) throws -> WireHead

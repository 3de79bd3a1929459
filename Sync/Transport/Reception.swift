/// What libcurl's callbacks know while a reply comes in.
///
/// Used on the one thread that performs the request, and gone when that is over.
final class Reception {
    typealias Receiver = (Response, [UInt8]) throws -> Void

    private static let headLimit = 64 << 10

    private let receiver: Receiver
    private let limit: Int
    private var headBytes = 0
    private var bodyBytes = 0
    private(set) var response = Response()
    /// Why we, and not the network, ended it.
    private(set) var failure: (any Error)?

    init(limit: Int, receiver: @escaping Receiver) {
        self.limit = limit
        self.receiver = receiver
    }

    /// Takes one line of the head, as libcurl hands it over; false ends the transfer.
    ///
    /// A status line begins a new head, since `100 Continue` comes before the reply itself.
    func takeHead(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headBytes += bytes.count
        if headBytes > Self.headLimit {
            failure = TransportError.tooLarge(limit: Self.headLimit)
            return false
        }
        if bodyBytes > 0 { return true }  // Trailers: nothing of ours is in them.
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            let status = line.split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) }
            response = Response(status: status ?? 0)
        } else if let colon = line.firstIndex(of: ":") {
            response.headers.append(
                (
                    name: String(line[..<colon]),
                    value: Self.trimmed(line[line.index(after: colon)...])
                )
            )
        }
        return true
    }

    /// Takes a piece of the body; false ends the transfer.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bodyBytes += bytes.count
        if bodyBytes > limit {
            failure = TransportError.tooLarge(limit: limit)
            return false
        }
        do {
            try receiver(response, [UInt8](bytes))
            return true
        } catch {
            failure = error
            return false
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

import NIOCore
import Synchronization

/// How many connections each address holds open, so that none holds them all.
final class Crowd: Sendable {
    /// More than all nodes behind one address need at once.
    private let limit: Int
    private let counts = Mutex<[String: Int]>([:])

    init(limit: Int) { self.limit = limit }

    /// Whether one more may come in; then it must leave.
    func enters(from address: String) -> Bool {
        counts.withLock { counts in
            guard counts[address, default: 0] < limit else { return false }
            counts[address, default: 0] += 1
            return true
        }
    }

    func leaves(from address: String) {
        counts.withLock { counts in
            counts[address, default: 1] -= 1
            if counts[address] == 0 { counts[address] = nil }
        }
    }
}

/// Closes a connection at once where its address has enough of them.
final class CrowdHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let crowd: Crowd
    private var address: String?

    init(_ crowd: Crowd) { self.crowd = crowd }

    func channelActive(context: ChannelHandlerContext) {
        let address = context.remoteAddress?.ipAddress ?? "unknown"
        guard crowd.enters(from: address) else { return context.close(promise: nil) }
        self.address = address
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let address { crowd.leaves(from: address) }
        address = nil
        context.fireChannelInactive()
    }
}

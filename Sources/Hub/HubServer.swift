import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import Review
import Synchronization

/// The hub's server: routes, and a sweep each second, until it is told to stop.
package struct HubServer: Sendable {
    /// How many connections are served at once, of all addresses and of one.
    ///
    /// Below the number of files that a process may have open; one address may be that of a proxy.
    private static let connections = 768
    private static let connectionsOfOne = 256

    private let office: HubOffice
    private let address: ListenAddress
    private let encryption: Encryption?
    private let patience: Duration
    private let logger: Logger
    private let isListening: @Sendable (_ url: String) -> Void

    /// `isListening` is told where, once it is so.
    ///
    /// Without `encryption` it speaks plain HTTP, and then on this machine only. A connection that
    /// for so long as `patience` sends no head, or nothing more of a body, is closed.
    package init(
        _ office: HubOffice,
        on address: ListenAddress,
        encryption: Encryption?,
        patience: Duration = .seconds(60),
        logger: Logger,
        isListening: @escaping @Sendable (_ url: String) -> Void
    ) {
        precondition(encryption != nil || address.isLoopback, "plain HTTP stays on this machine")
        self.office = office
        self.address = address
        self.encryption = encryption
        self.patience = patience
        self.logger = logger
        self.isListening = isListening
    }

    /// Serves until SIGTERM or SIGINT; what was begun is then finished.
    package func run() async throws {
        let hasBegun = Mutex(false)
        do {
            try await run { hasBegun.withLock { $0 = true } }
        } catch {
            if hasBegun.withLock({ $0 }) { throw error }
            throw HubFailure(
                "cannotListen",
                "the hub cannot listen on \(url(port: address.port)) (\(error)); "
                    + "nothing was started",
                hint: "if another program listens there, take a free port: `--listen 127.0.0.1:0`",
                kind: .tryLater
            )
        }
    }

    private func run(_ begins: @escaping @Sendable () -> Void) async throws {
        let application = Application(
            router: HubRoutes(office).router,
            server: try channel(),
            configuration: .init(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: .maximum(Self.connections, logger: logger)
            ),
            onServerRunning: { [self] channel in
                begins()
                let url = url(port: channel.localAddress?.port ?? address.port)
                // Only a convenience for `reviewer token`.
                try? office.remember(url: url, authority: encryption?.authority)
                isListening(url)
            },
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await sweepEachSecond() }
            try await application.runService()
            group.cancelAll()
        }
    }

    private func channel() throws -> HTTPServerBuilder {
        let crowd = Crowd(limit: Self.connectionsOfOne)
        let plain = HTTPServerBuilder.http1(
            configuration: .init(
                additionalChannelHandlers: [CrowdHandler(crowd)],
                idleTimeout: TimeAmount(patience)
            )
        )
        guard let encryption else { return plain }
        return try .tls(plain, tlsConfiguration: encryption.configuration)
    }

    private func url(port: Int) -> String {
        address.url(port: port, isEncrypted: encryption != nil)
    }

    private func sweepEachSecond() async {
        let work = Workbench()
        var trouble: String?
        while !Task.isCancelled {
            do {
                try await work.run { [office] in try office.sweep() }
                if trouble != nil { logger.info("the sweep works again") }
                trouble = nil
            } catch is CancellationError {
                return
            } catch {
                // A disk that is full now will be so in a second: said once.
                if trouble != "\(error)" {
                    logger.warning("the sweep failed", metadata: ["reason": "\(error)"])
                }
                trouble = "\(error)"
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }
}

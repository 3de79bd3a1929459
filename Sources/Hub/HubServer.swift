import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import Review
import Synchronization

/// The hub's server: routes, and a sweep each second, until it is told to stop.
package struct HubServer: Sendable {
    private let office: HubOffice
    private let address: ListenAddress
    private let encryption: Encryption?
    private let logger: Logger
    private let isListening: @Sendable (_ url: String) -> Void

    /// `isListening` is told where, once it is so.
    ///
    /// Without `encryption` it speaks plain HTTP, and then on this machine only.
    package init(
        _ office: HubOffice,
        on address: ListenAddress,
        encryption: Encryption?,
        logger: Logger,
        isListening: @escaping @Sendable (_ url: String) -> Void
    ) {
        precondition(encryption != nil || address.isLoopback, "plain HTTP stays on this machine")
        self.office = office
        self.address = address
        self.encryption = encryption
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
            configuration: .init(address: .hostname(address.host, port: address.port)),
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
        let plain = HTTPServerBuilder.http1()
        guard let encryption else { return plain }
        return try .tls(plain, tlsConfiguration: encryption.configuration)
    }

    private func url(port: Int) -> String {
        address.url(port: port, isEncrypted: encryption != nil)
    }

    private func sweepEachSecond() async {
        let work = Workbench()
        while !Task.isCancelled {
            do {
                try await work.run { [office] in try office.sweep() }
                try await Task.sleep(for: .seconds(1))
            } catch is CancellationError {
                return
            } catch {
                logger.warning("the sweep failed", metadata: ["reason": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}

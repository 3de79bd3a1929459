import Hummingbird
package import Logging
import Review
import Synchronization

/// Where a server listens: on this machine only, since it speaks plain HTTP.
package struct ListenAddress: Sendable, Equatable {
    package let host: String
    package let port: Int

    /// Reads `HOST:PORT`; what is not this machine is refused, and why is said.
    package init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else {
            throw HubFailure(
                "badAddress",
                "\(text) is not an address to listen on; nothing was started",
                hint: "write HOST:PORT, such as 127.0.0.1:8470",
                kind: .badInput
            )
        }
        let host = text[..<colon]
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : String(host)
        self.port = Int(port)
        let isLoopback =
            self.host == "localhost" || self.host == "::1"
            || self.host.hasPrefix("127.") && self.host.split(separator: ".").count == 4
        guard isLoopback else {
            throw HubFailure(
                "notLoopback",
                "without TLS the hub listens on this machine only, not on \(self.host); "
                    + "nothing was started",
                hint: "listen on 127.0.0.1:\(port) and let others in through an SSH tunnel",
                kind: .notAllowed
            )
        }
    }

    func url(port: Int) -> String {
        host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }
}

/// The hub's server: routes, and a sweep each second, until it is told to stop.
package struct HubServer: Sendable {
    private let office: HubOffice
    private let address: ListenAddress
    private let logger: Logger
    private let isListening: @Sendable (_ url: String) -> Void

    /// `isListening` is told where, once it is so.
    package init(
        _ office: HubOffice,
        on address: ListenAddress,
        logger: Logger,
        isListening: @escaping @Sendable (_ url: String) -> Void
    ) {
        self.office = office
        self.address = address
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
                "the hub cannot listen on \(address.url(port: address.port)) (\(error)); "
                    + "nothing was started",
                hint: "if another program listens there, take a free port: `--listen 127.0.0.1:0`",
                kind: .tryLater
            )
        }
    }

    private func run(_ begins: @escaping @Sendable () -> Void) async throws {
        let application = Application(
            router: HubRoutes(office).router,
            configuration: .init(address: .hostname(address.host, port: address.port)),
            onServerRunning: { [address, office, isListening] channel in
                begins()
                let url = address.url(port: channel.localAddress?.port ?? address.port)
                try? office.remember(url: url)  // Only a convenience for `reviewer token`.
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

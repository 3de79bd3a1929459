import Review

/// Where a server listens.
///
/// Only on this machine itself is plain HTTP private; anywhere else the hub speaks HTTPS.
package struct ListenAddress: Sendable, Equatable {
    package let host: String
    package let port: Int

    /// Reads `HOST:PORT`; an address of version 6 stands in brackets.
    package init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
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
    }

    package var isLoopback: Bool {
        host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.split(separator: ".").count == 4
                && host.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// What a certificate for this address must name; nothing for every address at once.
    package var names: [HostName] {
        isEverywhere ? [] : [try? HostName(host)].compactMap { $0 }
    }

    /// Where nodes reach it; a server on every address is called as this machine is.
    func url(port: Int, isEncrypted: Bool) -> String {
        let name = isEverywhere ? HostName.own : host
        return (isEncrypted ? "https://" : "http://")
            + (name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)")
    }

    private var isEverywhere: Bool { host == "0.0.0.0" || host == "::" }
}

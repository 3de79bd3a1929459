/// Where a hub is: an address checked once, which cannot mean another host to libcurl than to us.
///
/// `https` anywhere; `http` only to this machine, since nothing else keeps a plain connection private.
package struct HubURL: Sendable, Hashable {
    /// As it was written, without a slash at the end.
    package let text: String
    package let isLoopback: Bool

    /// Whether verdicts may be sent to `text`.
    package static func isAllowed(_ text: String) -> Bool { (try? HubURL(text)) != nil }

    package init(_ text: String) throws(TransportError) {
        let isSecure: Bool
        let rest: Substring
        switch text.lowercased() {
        case let lower where lower.hasPrefix("https://"):
            (isSecure, rest) = (true, text.dropFirst(8))
        case let lower where lower.hasPrefix("http://"):
            (isSecure, rest) = (false, text.dropFirst(7))
        default: throw .badAddress(text, reason: "it must begin with https://")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else {
            throw .badAddress(
                text,
                reason: "it holds a space, a backslash or a non-ASCII character"
            )
        }
        let place = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard rest.allSatisfy({ $0 != "?" && $0 != "#" && $0 != "@" }) else {
            throw .badAddress(text, reason: "a hub's address has no `?`, `#` or `@`")
        }
        guard let host = Self.host(of: place) else {
            throw .badAddress(text, reason: "`\(place)` is no host and port")
        }
        isLoopback = Self.isLoopback(host)
        guard isSecure || isLoopback else {
            throw .badAddress(text, reason: "plain http is for this machine only; use https")
        }
        self.text = text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private init(text: String, isLoopback: Bool) {
        self.text = text
        self.isLoopback = isLoopback
    }

    /// The address of `path`, such as `/v1/sync`, at this hub.
    package func appending(_ path: String) -> HubURL {
        precondition(path.hasPrefix("/"), "a path begins with a slash")
        return HubURL(text: text + path, isLoopback: isLoopback)
    }
}

// MARK: - Host

extension HubURL {
    /// The host in lower case, or nil unless `place` is `host`, `host:port` or `[address]:port`.
    private static func host(of place: Substring) -> String? {
        let host: Substring
        let afterHost: Substring
        if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
            host = place[...end]
            afterHost = place[place.index(after: end)...]
            guard
                host.dropFirst().dropLast().allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
            else { return nil }
        } else {
            host = place.prefix { $0 != ":" }
            afterHost = place[host.endIndex...]
            guard host.allSatisfy({ $0.isLetter || $0.isNumber || "-._".contains($0) }) else {
                return nil
            }
        }
        if !afterHost.isEmpty {
            let digits = afterHost.dropFirst()
            guard afterHost.first == ":", digits.allSatisfy(\.isNumber), let port = Int(digits),
                (1...65_535).contains(port)
            else { return nil }
        }
        return host.isEmpty ? nil : host.lowercased()
    }

    /// `localhost`, which libcurl never asks a name server about, 127.0.0.0/8 in full, and `[::1]`.
    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
    }
}

extension HubURL: CustomStringConvertible {
    package var description: String { text }
}

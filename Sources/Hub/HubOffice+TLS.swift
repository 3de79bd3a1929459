import Foundation
import HubStore
package import Review
import Sync

extension HubOffice {
    /// The hub's own authority, nil before a certificate was needed.
    var authority: Authority? { get throws { try Authority(in: folder) } }

    /// Makes authority and certificate where they are missing, for every name of this machine and
    /// for `names`.
    package func prepareTLS(names: [HostName]) throws { _ = try serverCertificate(for: names) }

    func serverCertificate(for names: [HostName]) throws -> [UInt8] {
        try ServerCertificate.make(in: folder, hub: store.hubID, names: names)
    }

    /// The authority's certificate (DER), which a node checks against its token.
    func authorityCertificate() throws -> [UInt8] {
        guard let authority = try authority else {
            throw HubFailure(
                "noAuthority",
                "this hub has no authority of its own",
                hint: "make one: `countersign-hub init`",
                kind: .notFound
            )
        }
        return authority.certificateBytes
    }
}

// MARK: - Where nodes reach it

extension HubOffice {
    /// Remembers where the hub listens, and what a node must pin there, for the tokens that are
    /// made meanwhile.
    package func remember(url: String, authority: Digest?) throws {
        let words = [url] + (authority.map { [$0.description] } ?? [])
        try folder.write(Array(words.joined(separator: " ").utf8), to: "url")
    }

    /// Where a node reaches this hub, and what it must pin: nothing on plain loopback, nor where
    /// another certificate than the hub's own is served.
    func place(_ given: String?) throws -> (url: String, authority: Digest?) {
        let last = folder.read("url").map { String(decoding: $0, as: UTF8.self) } ?? ""
        let words = last.split(separator: " ").map(String.init)
        let url = given ?? words.first ?? "http://127.0.0.1:8470"
        guard url.lowercased().hasPrefix("https:") else { return (url, nil) }
        let isServed = !words.isEmpty
        return (url, isServed ? words.dropFirst().first.flatMap { Digest($0) } : try pinned)
    }

    private var pinned: Digest? { get throws { try authority?.fingerprint } }
}

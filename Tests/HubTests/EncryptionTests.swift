import Foundation
@testable import Hub
import Review
import Sync
import Testing

@Suite("How a hub proves who it is")
struct EncryptionTests {
    private func names(_ hub: TemporaryHub) throws -> [String] {
        let pem = try #require(hub.folder.read("server.pem"))
        return try ServerCertificate.names(in: pem).map(\.text)
    }

    @Test func `keys and certificates are made once, for their owner alone`() throws {
        let hub = try TemporaryHub()
        #expect(try hub.office.authority == nil)
        try hub.office.prepareTLS(names: [])
        let made = ["authority.pem", "server.pem"].map { hub.folder.read($0) }
        for name in ["authority.pem", "server.pem"] {
            let path = hub.folder.path + "/" + name
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(mode as? Int == 0o600, "\(name)")
        }
        try hub.office.prepareTLS(names: [])
        #expect(["authority.pem", "server.pem"].map { hub.folder.read($0) } == made)
        #expect(try names(hub).prefix(3) == ["localhost", "127.0.0.1", "::1"])
    }

    @Test func `names are added, and the authority stays`() throws {
        let hub = try TemporaryHub()
        try hub.office.prepareTLS(names: [try HostName("Hub.Example.org")])
        let authority = try #require(try hub.office.authority)
        try hub.office.prepareTLS(names: [try HostName("192.168.1.5"), try HostName("fe80::1")])
        #expect(try names(hub).suffix(3) == ["hub.example.org", "192.168.1.5", "fe80::1"])
        #expect(try hub.office.authority?.fingerprint == authority.fingerprint)
        _ = try Encryption(of: hub.office, names: [])
    }

    /// A new one would lock out every node that pinned the old one, and nobody would know why.
    @Test func `a damaged authority is never made anew`() throws {
        let hub = try TemporaryHub()
        try hub.office.prepareTLS(names: [])
        try hub.folder.write(Array("half".utf8), to: "authority.pem")
        let failure = try #require(throws: HubFailure.self) { try hub.office.prepareTLS(names: []) }
        #expect(failure.code == "keyMissing")
        #expect(hub.folder.read("authority.pem") == Array("half".utf8))
    }

    @Test(arguments: ["", "a b", "host/", "a..b", "1.2.3.4:5", "*", "ä.org"])
    func `what is no host is refused`(text: String) throws {
        let failure = try #require(throws: HubFailure.self) { try HostName(text) }
        #expect(failure.code == "badHost")
    }

    @Test func `a key of another certificate is not served`() throws {
        let (one, two) = (try TemporaryHub(), try TemporaryHub())
        for hub in [one, two] { try hub.office.prepareTLS(names: []) }
        let failure = try #require(throws: HubFailure.self) {
            try Encryption(
                certificateFile: one.folder.path + "/server.pem",
                keyFile: two.folder.path + "/server.pem"
            )
        }
        #expect(failure.code == "badCertificate" && failure.kind == .badInput)
    }

    @Test func `a token names the authority where the hub's own certificate is served`() throws {
        let hub = try TemporaryHub()
        try hub.office.prepareTLS(names: [])
        let own = try hub.office.authority?.fingerprint
        func token(_ url: String? = nil) throws -> Token? {
            Token(try hub.office.token(for: "anna", url: url))
        }
        #expect(try token()?.authority == nil, "nothing to pin on plain loopback")
        #expect(try token("https://hub.example.org")?.authority == own)
        try hub.office.remember(url: "https://10.0.0.1:8470", authority: own)
        #expect(try token()?.hub == "https://10.0.0.1:8470" && token()?.authority == own)
        #expect(try token("https://hub.example.org")?.authority == own)
        #expect(try token("http://127.0.0.1:1")?.authority == nil)
        try hub.office.remember(url: "https://10.0.0.1:8470", authority: nil)
        #expect(try token()?.authority == nil, "a public certificate is served")
    }
}

import Node
import Review
import Sync
import Testing

@Suite("An enrolment's pin")
struct EnrolmentTests {
    private func enrolment(pinning authority: Digest?) throws -> Enrolment {
        let token = Token(
            hub: "https://hub.example.org",
            root: Cryptography.system.hash([1]),
            authority: authority,
            secret: [UInt8](repeating: 7, count: 16)
        )
        return try Enrolment(
            home: NodeHome(folder: "/nowhere"),
            token: token.text,
            deviceName: "laptop",
            now: Laptop.noon
        )
    }

    @Test func `only the authority that the token names is believed`() throws {
        let enrolment = try enrolment(pinning: Cryptography.system.hash([1, 2, 3]))
        try enrolment.check(authority: [1, 2, 3])
        for other in [[], [1, 2], [1, 2, 3, 0]] as [[UInt8]] {
            let error = #expect(throws: NodeError.otherAuthority) {
                try enrolment.check(authority: other)
            }
            #expect(error?.code == "certificate")
        }
    }

    @Test func `is asked for where the token has one and the address is secret`() throws {
        let pinned = try enrolment(pinning: Cryptography.system.hash([1]))
        #expect(pinned.mustPin(at: "HTTPS://hub.example.org"))
        #expect(!pinned.mustPin(at: "http://127.0.0.1:8470"))
        let plain = try enrolment(pinning: nil)
        #expect(!plain.mustPin(at: "https://hub.example.org"))
        #expect(throws: NodeError.otherAuthority) { try plain.check(authority: [1]) }
    }

    @Test func `a pin that cannot be read is no token`() {
        let root = Cryptography.system.hash([1]).description
        let secret = Base64URL.encode([UInt8](repeating: 7, count: 16))
        func token(_ more: String) -> Token? {
            let json = #"{"hub":"https://h","root":"\#(root)","secret":"\#(secret)"\#(more)}"#
            return Token("cs1." + Base64URL.encode(Array(json.utf8)))
        }
        #expect(token("") != nil)
        #expect(token(#","tls":"sha256:12""#) == nil)
        #expect(token(#","tls":7"#) == nil)
    }
}

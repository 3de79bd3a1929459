import SyncTransport
import Testing

@Suite("Where verdicts may go")
struct HubURLTests {
    @Test(arguments: [
        "https://hub.example.org", "https://hub.example.org:8470/countersign", "HTTPS://10.0.0.7/",
        "https://[2001:db8::1]:8470", "http://localhost:8470", "http://127.0.0.1:8470/",
        "http://127.255.0.3", "http://[::1]:80", "http://LOCALHOST",
    ])
    func `https anywhere, http on this machine`(text: String) {
        #expect(HubURL.isAllowed(text))
    }

    @Test(arguments: [
        "http://hub.example.org", "http://10.0.0.7", "http://127.0.0.1.example.org",
        "http://127.0.0.1@example.org/", "http://localhost@example.org",
        "http://example.org\\@127.0.0.1/", "http://127.0.0.1#@example.org/",
        "http://127.0.0.1?@example.org/", "http://127.1", "http://127.0.0.01", "http://2130706433",
        "http://0x7f.0.0.1", "http://[::ffff:10.0.0.7]", "http://localhost.", "http://lоcalhost",
        "https://", "https:///path", "https://hub:0", "https://hub:65536", "https://hub:80x",
        "https://a b", "https://a\u{7}b", "https://[::1", "https://hub?x", "https://hub#x",
        "ftp://127.0.0.1", "file:///etc/passwd", "hub.example.org", "",
    ])
    func `nothing else, however it is written`(text: String) {
        #expect(!HubURL.isAllowed(text))
    }

    @Test func `a path follows the address`() throws {
        let url = try HubURL("https://hub.example.org/base/").appending("/v1/sync")
        #expect(url.text == "https://hub.example.org/base/v1/sync")
    }
}

import Review
import Testing

@Suite("Digests")
struct DigestTests {
    /// SHA-256 of `abc` (FIPS 180-4).
    static let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func `read back as they print`() throws {
        let digest = try #require(Digest(Self.abc))
        #expect(digest.description == Self.abc)
        #expect(digest.json == .string(Self.abc))
        #expect(digest.short == "ba7816bf")
        #expect(digest.bytes.prefix(4) == [0xBA, 0x78, 0x16, 0xBF])
        #expect(digest.bytes.suffix(2) == [0x15, 0xAD])
        #expect(Digest(bytes: digest.bytes) == digest)
    }

    @Test(arguments: [
        "", "sha256:", String(abc.dropLast()), abc + "0", String(abc.dropFirst(7)),
        abc.uppercased(),
        "sha512:" + abc.dropFirst(7), abc.replacing("ba78", with: "bg78"),
        abc.replacing("ba78", with: "+a78"),
    ])
    func `are refused in any other form`(text: String) {
        #expect(Digest(text) == nil)
    }

    @Test func `have 32 bytes`() {
        #expect(Digest(bytes: [UInt8](repeating: 1, count: 31)) == nil)
        #expect(Digest(bytes: [UInt8](repeating: 1, count: 33)) == nil)
    }

    @Test func `sort as their bytes, and differ in any of them`() throws {
        let zero = [UInt8](repeating: 0, count: 32)
        var digests: [Digest] = [try #require(Digest(bytes: zero))]
        for index in (0..<32).reversed() {
            var bytes = zero
            bytes[index] = 0x80
            digests.append(try #require(Digest(bytes: bytes)))
        }
        #expect(digests.sorted() == digests)
        #expect(Set(digests).count == 33)
    }

    @Test func `hexadecimal is lower case, two digits a byte`() {
        #expect([UInt8]([0x00, 0x0F, 0xF0, 0xFF]).hexadecimal == "000ff0ff")
        #expect([UInt8](hexadecimal: Array("000ff0ff".utf8)) == [0x00, 0x0F, 0xF0, 0xFF])
        #expect([UInt8](hexadecimal: Array("0".utf8)) == nil)
        #expect([UInt8](hexadecimal: Array("0F".utf8)) == nil)
    }
}

import Testing

@testable import Hub

@Suite("Ranges of bytes")
struct ByteRangeTests {
    @Test(arguments: [
        (nil, ByteRange.whole), ("bytes=0-", .part(0..<10)), ("bytes=9-", .part(9..<10)),
        ("bytes=10-", .outside), ("bytes=0-0", .part(0..<1)), ("bytes=3-99", .part(3..<10)),
        ("bytes=4-3", .whole), ("bytes=-3", .part(7..<10)), ("bytes=-99", .part(0..<10)),
        ("bytes=-0", .outside), ("bytes=-", .whole), ("bytes=1-2,4-5", .whole),
        ("bytes=+1-2", .whole),
        ("bytes=99999999999999999999-", .whole), ("lines=1-2", .whole), ("", .whole),
    ])
    func `asked for`(header: String?, expected: ByteRange) {
        #expect(ByteRange(header, of: 10) == expected)
    }

    @Test(arguments: [
        ("bytes 0-9/10", [0, 10, 10]), ("bytes 4-9/10", [4, 6, 10]), ("bytes 0-0/1", [0, 1, 1]),
        ("bytes 5-4/10", nil), ("bytes 0-10/10", nil), ("bytes */10", nil), ("bytes 0-9/*", nil),
        ("bytes 0-9", nil), ("bytes -1-9/10", nil), ("", nil),
    ])
    func `brought`(header: String, expected: [Int]?) {
        #expect(UploadRange(header).map { [$0.first, $0.count, $0.size] } == expected)
    }
}

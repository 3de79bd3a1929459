import Review
import Sync
import TestSupport
import Testing

@Suite("Reading a body in pieces")
struct FrameTests {
    private let records: [Record] = [
        .word(.hello, ["device": "d1"]),
        .payload(Sample.digest(1), Array("salt\nand a line\n".utf8)),
        .word(.page, ["from": 0]),
        .row(7, ["hubSeq": 9]),
        .entry(signature: [1, 2, 3], line: Array(#"{"v":1}"#.utf8)),
        .delta(signature: [4], line: Array(#"{"v":1}"#.utf8)),
        .word(.end, [:]),
    ]

    private func read(_ pieces: [[UInt8]]) throws -> (records: [Record], isEmpty: Bool) {
        var reader = FrameReader()
        var read: [Record] = []
        for piece in pieces {
            for frame in try reader.take(piece) { read += try Record.read(frame: frame) }
        }
        return (read, reader.isEmpty)
    }

    @Test func `byte by byte gives what was written`() throws {
        let body = Record.body(records)
        let (read, isEmpty) = try read(body.map { [$0] })
        #expect(read == records)
        #expect(isEmpty)
    }

    @Test func `cut at every byte gives the frames that are whole, and waits for the rest`() throws
    {
        let body = Record.body(records)
        for cut in 0..<body.count {
            let (head, isEmpty) = try read([Array(body.prefix(cut))])
            #expect(records.starts(with: head))
            // The first frame ends where the page begins; nothing else is a place to stop.
            #expect(!isEmpty || [0, 2].contains(head.count))
            #expect(
                try read([Array(body.prefix(cut)), Array(body.dropFirst(cut))]).records == records
            )
        }
    }

    @Test func `what all frames unpack to together is bounded, however small they are`() throws {
        let one = FramePacker().pack([UInt8](repeating: 0, count: Frames.target)[...])
        let body = Frames.magic + (0..<100).flatMap { _ in one }
        var reader = FrameReader(unpackingUpTo: 3 * Frames.target)
        #expect(throws: WireError.tooLarge) { try reader.take(body) }
        var patient = FrameReader()
        let frames = try patient.take(body)
        #expect(frames.count == 100)
    }

    @Test func `words of a newer version are passed over`() throws {
        let frame = Array("novelty {\"a\":1}\nend {}\nfuture anything at all\n".utf8)
        #expect(try Record.read(frame: frame) == [.word(.end, [:])])
    }

    @Test(arguments: [
        "end", "end {}", "end\n", "end {\n", "row x {}\n", "row 1\n", "entry ! {}\n", "entry AA\n",
        "payload sha256:00 1\nx\n", "delta\n",
    ])
    func `a record that is damaged says so`(text: String) {
        #expect(throws: WireError.self) { try Record.read(frame: Array(text.utf8)) }
    }

    @Test(arguments: [-1, 3, 5, 1_000_000, Int.max])
    func `a payload must fit its frame exactly`(length: Int) {
        let frame = Array("payload \(Sample.digest(1)) \(length)\nabcd\n".utf8)
        #expect(throws: WireError.self) { try Record.read(frame: frame) }
    }

    @Test func `what is no sync is known by its first byte`() {
        for text in ["<html>", "{", "countersign-sync 2\n", "countersign-synx"] {
            var reader = FrameReader()
            #expect(throws: WireError.notOurs) { try reader.take(Array(text.utf8)) }
        }
    }

    @Test func `a frame that says it is larger than any may be is refused before it is unpacked`() {
        let frame = FramePacker().pack([UInt8](repeating: 0, count: Frames.limit + 1)[...])
        #expect(frame.count < 1_000)
        var reader = FrameReader()
        #expect(throws: WireError.tooLarge) { try reader.take(Frames.magic + frame) }
        var other = FrameReader()
        let largest = FramePacker().pack([UInt8](repeating: 0, count: Frames.limit)[...])
        #expect(throws: Never.self) { try other.take(Frames.magic + largest) }
    }

    @Test func `a frame without a checksum is refused, though it unpacks`() {
        var body = Record.body([.word(.end, [:])])
        body[Frames.magic.count + 4] &= ~4  // RFC 8878, 3.1.1.1.1: the Content_Checksum_flag.
        body.removeLast(4)
        var reader = FrameReader()
        #expect(throws: WireError.damaged("a frame without a checksum")) { try reader.take(body) }
    }

    /// A frame of zstd 0.7, which the library still reads, and one that it would pass over
    /// (RFC 8878, section 3.1.2).
    @Test(arguments: [[0x27, 0xB5, 0x2F, 0xFD, 0x64, 0x1F], [0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0]])
    func `only frames of the present format are read`(beginning: [UInt8]) {
        for count in 1...beginning.count {
            var reader = FrameReader()
            #expect(throws: WireError.damaged("not a zstd frame")) {
                try reader.take(Frames.magic + beginning.prefix(count))
            }
        }
    }

    @Test func `what is no frame does not wait for ever`() {
        var reader = FrameReader()
        #expect(throws: WireError.self) {
            try reader.take(Frames.magic + [UInt8](repeating: 0x41, count: 64))
        }
    }

    @Test(arguments: 0..<8)
    func `a damaged body ends in an error or in fewer records, never in a crash`(batch: Int) {
        let body = Record.body(records)
        for number in 0..<500 {
            let seed = RunSeed.seed(batch * 500 + number)
            var random = SplitMix64(seed: seed)
            var damaged = body
            for _ in 0...random.below(4) {
                let index = random.below(damaged.count)
                switch random.below(3) {
                case 0: damaged[index] ^= 1 << UInt8(random.below(8))
                case 1: damaged.remove(at: index)
                default: damaged.insert(UInt8(random.below(256)), at: index)
                }
            }
            if let found = try? read([damaged]) {
                #expect(records.starts(with: found.records), "\(RunSeed.replay(seed))")
            }
            _ = try? HubRequest(body: damaged, hash: cheapHash)
        }
    }
}

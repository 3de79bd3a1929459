import Decoders
import Foundation
import Testing

/// What the fuzzers found worth keeping, read again in every run.
@Suite("What untrusted bytes may not do")
struct CorpusTests {
    /// An input a line, in base64.
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz/Corpus")

    @Test(arguments: Decoder.all.map(\.name))
    func `everything that was kept is read or refused`(name: String) throws {
        let decoder = try #require(Decoder.all.first { $0.name == name })
        let file = try String(
            contentsOf: Self.corpus.appending(path: "\(name).base64"),
            encoding: .utf8
        )
        let lines = file.split(separator: "\n")
        try #require(!lines.isEmpty)
        for (index, line) in lines.enumerated() {
            let bytes = try #require(Data(base64Encoded: String(line)))
            #expect(throws: Never.self, "line \(index + 1)") { try decoder.check([UInt8](bytes)) }
        }
    }

    @Test(arguments: Decoder.all.map(\.name))
    func `every well-made input is read, and each of its prefixes read or refused`(
        name: String
    ) throws {
        let decoder = try #require(Decoder.all.first { $0.name == name })
        let seeds = decoder.seeds()
        try #require(!seeds.isEmpty)
        for seed in seeds {
            for count in stride(from: 0, through: seed.count, by: max(1, seed.count / 400)) {
                #expect(throws: Never.self) { try decoder.check(Array(seed.prefix(count))) }
            }
        }
    }
}

import Foundation

/// Where every random test of this run begins: `COUNTERSIGN_SEED`, or another number each time.
///
/// A random test derives its cases' seeds from it, and names the one that failed, so that
/// `COUNTERSIGN_SEED=… swift test --filter …` shows the same again.
package enum RunSeed {
    package static let value: UInt64 = {
        guard let text = ProcessInfo.processInfo.environment["COUNTERSIGN_SEED"], !text.isEmpty
        else { return UInt64.random(in: 0...0xFFFF_FFFF) }
        return UInt64(text) ?? hash(text)
    }()

    /// FNV-1a, so that a commit's name will do as a seed.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }

    /// How many histories a simulation plays: `COUNTERSIGN_SEEDS`, or as many as take some seconds.
    package static let count =
        ProcessInfo.processInfo.environment["COUNTERSIGN_SEEDS"].flatMap { Int($0) } ?? 8

    /// The seed of the nth case of a test; the first is the run's own.
    package static func seed(_ number: Int) -> UInt64 { value &+ UInt64(number) }

    /// What to add to a failure.
    package static func replay(_ seed: UInt64) -> String { "to replay: COUNTERSIGN_SEED=\(seed)" }
}

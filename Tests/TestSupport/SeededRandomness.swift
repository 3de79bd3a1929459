package import Sync
import Synchronization

/// Random bytes that follow from a seed, each call going on where the last one ended.
package func seededRandomness(_ seed: UInt64) -> Randomness {
    let state = SeededState(seed: seed)
    return { count in state.generator.withLock { $0.bytes(count) } }
}

private final class SeededState: Sendable {
    let generator: Mutex<SplitMix64>

    init(seed: UInt64) { generator = Mutex(SplitMix64(seed: seed)) }
}

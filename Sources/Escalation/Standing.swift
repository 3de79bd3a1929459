package import Review

/// What the hub knows when a case comes in, beyond its policy: everything `route` may depend on.
package struct Standing: Sendable {
    /// A threshold that evidence has certified: cases in lower bins are below it.
    package struct Threshold: Sendable, Equatable {
        package let bin: Int
        package let ppm: Int

        package init(bin: Int, ppm: Int) {
            self.bin = bin
            self.ppm = ppm
        }
    }

    package let phase: Int
    package let threshold: Threshold?
    /// The published calibration: for each of the 130 bins, how often it is right, in ppm.
    package let table: [Int]?
    package let now: Timestamp
    /// The case's permanent random number for a purpose, `sample` or `blind`: the first 4 bytes of
    /// a keyed hash of name and purpose (`statistics.md`, section 2).
    package let draw: @Sendable (CaseName, String) -> UInt32

    package init(
        phase: Int,
        threshold: Threshold? = nil,
        table: [Int]? = nil,
        now: Timestamp,
        draw: @escaping @Sendable (CaseName, String) -> UInt32
    ) {
        self.phase = phase
        self.threshold = threshold
        self.table = table
        self.now = now
        self.draw = draw
    }

    /// Whether a permanent random number falls into a sample of 1 in k; such samples nest.
    package static func isDrawn(_ number: UInt32, oneIn k: Int) -> Bool {
        UInt64(number) < (1 << 32) / UInt64(k)
    }
}

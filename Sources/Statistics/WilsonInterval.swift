/// The 95 % score interval of a share (Wilson 1927).
///
/// Always within [0, 1] and around the share itself. Nothing known is an answer: [0, 1].
package struct WilsonInterval: Sendable, Equatable {
    package let low: Double
    package let high: Double
}

extension WilsonInterval {
    /// The 97.5 % point of the normal distribution.
    private static let z = 1.959963984540054

    /// The interval of `count` out of `total`, such as overrides out of decisions.
    package init(count: Int64, of total: Int64) throws(StatisticsError) {
        guard count >= 0, count <= total else {
            throw .impossible(reason: "\(count) out of \(total)")
        }
        if total == 0 {
            low = 0
            high = 1
            return
        }
        let k = Double(count)
        let n = Double(total)
        let square = Self.z * Self.z
        let middle = k + square / 2
        let reach = Self.z * (k * (n - k) / n + square / 4).squareRoot()
        low = count == 0 ? 0 : (middle - reach) / (n + square)
        high = count == total ? 1 : (middle + reach) / (n + square)
    }
}

/// A participant's log: a device, in one of its epochs.
package struct LogName: Sendable, Hashable, Comparable {
    package let device: String
    /// `N.` and 16 hexadecimal digits.
    package let epoch: String

    package init(device: String, epoch: String) {
        self.device = device
        self.epoch = epoch
    }

    /// The number before the point of the epoch: it grows each time continuity is lost.
    package var generation: Int { Int(epoch.prefix { $0 != "." }) ?? 0 }

    package static func < (left: LogName, right: LogName) -> Bool {
        (left.device, left.epoch) < (right.device, right.epoch)
    }
}

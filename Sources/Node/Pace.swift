/// Time as a sync spends it: monotonic, and with a way to let some pass.
///
/// A wall clock that is set in the middle changes nothing.
package struct Pace: Sendable {
    /// Milliseconds since whenever.
    package let elapsed: @Sendable () -> Int64
    package let sleep: @Sendable (_ milliseconds: Int64) -> Void

    package init(
        elapsed: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (_ milliseconds: Int64) -> Void
    ) {
        self.elapsed = elapsed
        self.sleep = sleep
    }
}

import Review
import Sync
import Testing

@Suite("A sync with a hub that lacks what it signed for")
struct NodeRecoveryTests {
    private let log = LogName(device: "d1", epoch: "1.00000000000000aa")

    /// A whole round trip after which the hub lacks what these are for: what it was shown, and whether
    /// there is more to do.
    private func trip(
        _ recovery: inout NodeRecovery,
        lacking unfulfilled: [JSON]
    ) -> (shown: [JSON], goesOn: Bool) {
        let opening = recovery.opening(
            log,
            mayHold: false,
            hubEpoch: "1.0",
            ofEarlierLogs: []
        ) { ([], 0) }
        recovery.heard(unfulfilled: unfulfilled)
        return (opening.receipts, recovery.finished(opening, more: false, mayHold: false))
    }

    @Test func `shows the receipts, and hands in again what is still missing`() {
        var recovery = NodeRecovery()
        let first = trip(&recovery, lacking: [["seq": 1]])
        #expect(first == ([], true))
        let second = trip(&recovery, lacking: [])
        #expect(second == ([["seq": 1]], true))
        let third = trip(&recovery, lacking: [])
        #expect(third == ([], false))
    }

    @Test func `does not go round for ever with one that never keeps what it signs for`() {
        var recovery = NodeRecovery()
        let goOn = (1...4).map { _ in trip(&recovery, lacking: [["seq": 1]]).goesOn }
        #expect(goOn == [true, true, false, false])
    }
}

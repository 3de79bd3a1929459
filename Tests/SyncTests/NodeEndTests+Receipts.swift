import Review
import Simulator
import Sync
import TestSupport
import Testing

extension NodeEndTests {
    /// A receipt for two entries, and the results it signs.
    func receipt(_ told: [PushResult], by key: CheapKey? = nil) -> Record {
        let receipt = Receipt(
            log: log,
            from: 1,
            to: 2,
            head: Sample.digest(2),
            results: Receipt.digest(of: told, hash: cheapHash),
            hubEpoch: hub.name.epoch,
            hubSeq: 7
        )
        let sign = (key ?? hub.key).sign
        return .word(.receipt, SignedRecord.sign(receipt.json, as: .receipt, by: sign))
    }

    var results: [PushResult] {
        [
            PushResult(log: log, seq: 1, result: .accepted),
            PushResult(log: log, seq: 2, result: .deferred, code: "caseMissing"),
        ]
    }

    func receipts(_ effects: [NodeEnd.Effect]) -> [[PushResult]] {
        effects.compactMap {
            guard case .received(_, let results) = $0 else { return nil }
            return results
        }
    }

    @Test func `a receipt counts with the results it signs, and no others`() throws {
        let gap = PushResult(log: log, seq: 3, result: .gap)
        let whole = try effects { request in
            [greeting(request), receipt(results)]
                + (results + [gap]).map { .word(.result, $0.json) } + [.word(.end, [:])]
        }
        #expect(receipts(whole) == [results])
        #expect(whole.last == .finished(more: false))
    }

    @Test func `results that differ, are missing or are out of order are refused`() throws {
        let changed = [PushResult(log: log, seq: 1, result: .rejected), results[1]]
        for told in [changed, [results[0]], results.reversed(), []] {
            let effects = try effects { request in
                [greeting(request), receipt(results)] + told.map { .word(.result, $0.json) }
                    + [.word(.end, [:])]
            }
            #expect(receipts(effects).isEmpty)
            #expect(failure(effects) == .badSignature(what: "results"))
        }
    }

    @Test func `a receipt under another key takes nothing from the outbox`() throws {
        let effects = try effects { request in
            [greeting(request), receipt(results, by: stranger)]
                + results.map { .word(.result, $0.json) } + [.word(.end, [:])]
        }
        #expect(receipts(effects).isEmpty)
        #expect(failure(effects) == .badSignature(what: "a receipt"))
    }

    @Test func `a receipt whose reply is cut before its results takes nothing either`() throws {
        let effects = try effects { [greeting($0), receipt(results)] }
        #expect(receipts(effects).isEmpty)
        #expect(failure(effects) == .unreachable(reason: "cut off"))
    }
}

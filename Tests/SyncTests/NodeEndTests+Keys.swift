import Review
import Simulator
import Sync
import TestSupport
import Testing

// A hub that was made anew signs with another key; its root key's word for that comes first.
extension NodeEndTests {
    private var root: CheapKey { CheapKey("root") }
    private var newKey: CheapKey { CheapKey("new") }

    private func chain(of key: CheapKey, by root: CheapKey) -> Record {
        let certification = root.sign(workingKeyMessage(key.bytes))
        return .word(.hubKey, HubChain(key: key.bytes, certification: certification).json)
    }

    /// What a node makes of a reply; it knows the hub's key of before.
    private func heard(
        replacing: [CheapKey] = [],
        _ records: (_ request: Digest) -> [Record]
    ) throws -> [NodeEnd.Effect] {
        var end = NodeEnd(
            hub: NodeEnd.KnownHub(
                id: hub.name.id,
                keys: [hub.key.bytes],
                replaced: replacing.map(\.bytes),
                root: root.bytes
            ),
            cryptography: .cheap
        )
        let sent = end.start(Hello(log: log), outbox: [], deltas: [], cursors: [start])
        guard case .send(let body)? = sent.first else { throw WireError.notOurs }
        return end.take(Record.body(records(cheapHash(body)) + [.word(.end, [:])]))
    }

    @Test func `believes another key that the root vouches for, before what it signed`() throws {
        let effects = try heard { [chain(of: newKey, by: root), greeting($0, by: newKey)] }
        #expect(effects.first == .learned(key: newKey.bytes))
        guard case .greeted? = effects.dropFirst().first else {
            Issue.record("no greeting: \(effects)")
            return
        }
        #expect(effects.last == .finished(more: false))
    }

    @Test func `believes no key that the root does not vouch for`() throws {
        let other = try heard { [chain(of: newKey, by: stranger), greeting($0, by: newKey)] }
        #expect(other == [.failed(.otherKey)])
        let none = try heard { [greeting($0, by: newKey)] }
        #expect(none == [.failed(.badSignature(what: "a greeting"))])
    }

    @Test func `believes nothing new of a key that was replaced, whoever vouched for it`() throws {
        let old = CheapKey("old")
        let shown = try heard(replacing: [old]) {
            [chain(of: old, by: root), greeting($0, by: old)]
        }
        #expect(shown == [.failed(.otherKey)])
        let signed = try heard(replacing: [old]) { [greeting($0, by: old)] }
        #expect(signed == [.failed(.otherKey)])
    }

    @Test func `takes nothing of the old key after it learned of the new one`() throws {
        let effects = try heard { [chain(of: newKey, by: root), greeting($0)] }
        #expect(effects.last == .failed(.badSignature(what: "a greeting")))
    }
}

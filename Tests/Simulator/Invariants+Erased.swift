import Review
import Sync

extension Simulation {
    /// What was erased on request has no bytes left at the hub, and none comes back.
    func checkErasedStays() throws(Broken) {
        for accepted in hub.entries where hub.isErased(accepted.document) {
            guard accepted.document.payload == nil else {
                throw Broken("NothingLost", "\(accepted.document.entry.uid.short) was erased")
            }
        }
    }

    /// Nor at any node that the hub still tells of it.
    func checkErasedEverywhere() throws(Broken) {
        for node in nodes where !isRevoked(node) {
            for document in node.own + Array(node.came.values)
            where document.payload != nil && hub.isErased(document) {
                throw Broken(
                    "NothingLost",
                    "\(node.device.name) keeps \(document.entry.uid.short), which was erased"
                )
            }
        }
    }

    /// Whether two copies of an entry are the same, but for bytes that were erased on request.
    func areSame(_ one: Document, _ other: Document, at node: MemoryNode? = nil) -> Bool {
        if one == other { return true }
        let isErased = hub.isErased(one) || node?.isErased(one) ?? false
        return isErased && one.entry == other.entry && (one.payload == nil || other.payload == nil)
    }
}

extension MemoryHub {
    /// Whether the bytes of an entry were erased here.
    func isErased(_ document: Document) -> Bool {
        erased[document.entry.payload]?.contains(document.entry.caseKey) ?? false
    }

    /// What cases that were erased count still, by their keys.
    var nameless: [String: NamelessCounts] {
        var nameless: [String: NamelessCounts] = [:]
        for document in entries.map(\.document)
        where document.entry.kind == .note && document.entry.log.device == name.id {
            guard let content = try? document.content(),
                let counts = try? NamelessCounts(json: content)
            else { continue }
            nameless[counts.key] = nameless[counts.key].map { $0 + counts } ?? counts
        }
        return nameless
    }
}

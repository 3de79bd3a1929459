import Review
import Sync
import TestSupport

// What administrators do about devices that are trusted no longer, and about sealed cases.

extension Simulation {
    /// A device is trusted no longer: what the hub holds of it stays good, or what came before a
    /// place.
    mutating func revoke() {
        let trusted = hub.devices.values.filter { $0.revocation == nil }.map(\.id).sorted()
        guard acts(.revokeDevice), trusted.count > 1 else { return }
        let id = random.pick(trusted)
        let links = hub.links(of: id)
        let cut = random.below(links.count + 1)
        let good: [Digest]? = random.chance(1, in: 3) ? nil : Array(links.prefix(cut)).ends
        let reason = random.pick(Revocation.Reason.allCases)
        note("\(hub.devices[id]?.name ?? "") \(reason), good are \(good?.count ?? -1)")
        mark(.deviceRevoked)
        var wanted = Wanted()
        wanted.writers = [id]
        change(wanted) { _ = $0.revoke(id, because: reason, good: good) }
    }

    /// An administrator looks at what waits on a case.
    mutating func judge() {
        let waiting = hub.rows.keys.sorted().compactMap { key -> (String, [Digest])? in
            let acts = hub.dossier(key).rulingOnActs.filter { $0.value == .revoked }
            return acts.isEmpty ? nil : (key, acts.keys.sorted())
        }
        guard !waiting.isEmpty else { return }
        let (key, acts) = random.pick(waiting)
        let word: Ruling.Word = random.pick([.accepted, .rejected])
        note("\(acts.count) acts on \(key.prefix(5)) \(word)")
        mark(word == .accepted ? .actsAccepted : .actsRejected)
        var wanted = Wanted(keys: [key])
        wanted.uids = acts
        change(wanted) { _ = $0.rule(word, on: Set(acts), by: "admin", because: "it was late") }
    }

    /// A case is erased on request.
    mutating func erase() {
        let names = hub.rows.values.filter { $0.state != .erased }.map(\.name)
            .sorted { $0.description < $1.description }
        guard acts(.eraseCase), !names.isEmpty else { return }
        let name = random.pick(names)
        note("\(name) erased")
        erasedNames.insert(name)
        mark(.erased)
        var wanted = Wanted(names: [name])
        wanted.casePayloads = true
        change(wanted) { try? $0.erase(name, by: "admin", because: "they asked") }
    }

    /// A sealed case begins another round.
    mutating func reopen() {
        let sealed = hub.rows.values.filter(\.sealed).map(\.name).sorted {
            $0.description < $1.description
        }
        guard acts(.reopenCase), !sealed.isEmpty else { return }
        let name = random.pick(sealed)
        note("\(name) reopened")
        mark(.reopened)
        change(Wanted(names: [name])) { _ = try? $0.reopen(name, because: "it was late") }
    }
}

extension MemoryHub {
    /// Everything that is held of a device, in the hub's order.
    func links(of device: String) -> [Link] {
        entries.map(\.document.entry).filter { $0.log.device == device }.map(Link.init)
    }
}

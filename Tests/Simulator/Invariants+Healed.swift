import Review
import Sync

extension Simulation {
    /// Whatever must hold once faults have stopped and everybody has synced.
    mutating func checkHealed() throws(Broken) {
        try checkAlways()
        try checkConverges()
        try checkBackWhole()
        try checkReleasedIsWhole()
        try checkErasedEverywhere()
        try checkSameSetSameState()
        try checkOrderFree()
    }

    /// Every outbox is empty, and every cursor stands at the end of its feed.
    func checkConverges() throws(Broken) {
        for node in nodes {
            guard node.outbox.isEmpty else {
                throw Broken("Converges", "\(node.device.name) has entries left to send")
            }
            guard hub.head(of: node.log) == node.head else {
                throw Broken("Converges", "\(node.device.name) goes on in a log of another")
            }
            if isRevoked(node) { continue }
            for (feed, cursor) in node.cursors {
                guard cursor.head.seq == hub.feeds[feed]?.last?.head.seq ?? 0 else {
                    throw Broken("Converges", "\(node.device.name) is behind in \(feed)")
                }
            }
        }
    }

    /// Whether the hub gives a node nothing any more.
    func isRevoked(_ node: MemoryNode) -> Bool {
        hub.devices[node.device.id]?.revocation != nil
    }

    /// Whatever a replica holds, of its own or of others, is at the hub: also after it went back.
    private func checkBackWhole() throws(Broken) {
        guard hub.state.awaited.isEmpty else {
            throw Broken("Converges", "the hub still waits for \(hub.state.awaited.count)")
        }
        for node in nodes {
            // To one that is not trusted no hub says that it went back.
            // A header whose bytes were erased comes back from its author alone.
            let others =
                isRevoked(node) ? [] : node.came.values.filter { !node.isErased($0) }
            for document in node.own + others
            where hub.entry(document.entry.uid) == nil {
                throw Broken(
                    "ReceiptHolds",
                    "\(document.entry.kindName) of \(node.device.name) did not come back"
                )
            }
        }
    }

    /// Who holds what an outcome lists derives its bytes.
    private func checkSameSetSameState() throws(Broken) {
        for node in nodes {
            for (key, local) in node.dossiers {
                let dossier = hub.dossier(key)
                guard let outcome = resolve(dossier) else { continue }
                let listed = Set(
                    outcome.facts + outcome.counted + outcome.uncounted.map(\.uid)
                        + dossier.retractions.map(\.uid)
                )
                guard listed == local.holds(of: listed),
                    local.verdicts.count == dossier.verdicts.count
                else { continue }
                guard resolve(local)?.bytes == outcome.bytes else {
                    throw Broken("SameSetSameState", "\(node.device.name) and the hub on \(key)")
                }
            }
        }
    }

    /// Whoever the present revision was released to holds everything that its outcome lists.
    private func checkReleasedIsWhole() throws(Broken) {
        for node in nodes where !isRevoked(node) {
            // A case that came back after it was sent again under another key has no effect.
            for (key, local) in node.dossiers where hub.rows[key] != nil {
                let dossier = hub.dossier(key)
                guard let outcome = resolve(dossier) else { continue }
                let isReleased = dossier.releases.contains { release in
                    release.value.reviewer == node.device.reviewer
                        && release.value.revision == outcome.revision
                        && release.value.round == outcome.round
                }
                let listed = Set(outcome.facts + outcome.counted + outcome.uncounted.map(\.uid))
                guard !isReleased || local.holds(of: listed) == listed else {
                    let lacking = listed.subtracting(local.holds(of: listed)).sorted().map { uid in
                        let accepted = hub.entry(uid)
                        let kind = accepted?.document.entry.kindName ?? "?"
                        return "\(kind) at \(accepted?.hubSeq ?? 0) \(accepted?.code ?? "")"
                    }
                    throw Broken(
                        "Converges",
                        "\(node.device.name) lacks of \(key): \(lacking.joined(separator: ", "))"
                    )
                }
            }
        }
    }
}

extension Dossier {
    /// Those of some uids that this dossier holds.
    fileprivate func holds(of uids: Set<Digest>) -> Set<Digest> {
        let mine =
            cases.map(\.uid) + proposals.map(\.uid) + terms.map(\.uid) + releases.map(\.uid)
            + verdicts.map(\.uid) + retractions.map(\.uid) + rulings.map(\.uid)
        return uids.intersection(mine)
    }
}

package import Review

// A device that is trusted no longer: what it wrote before keeps its effect, the rest waits.
//
//     revoke ─▶ ruling on what is beyond the good ends ─▶ sealed outcomes that rest on it reopen
//     later entries are taken and receipted ─▶ ruling ─▶ an administrator accepts or rejects them
//
// - **RevokedIsInert**: what is not an ancestor of a good end changes no outcome without approval.
// - **NothingLost**: it is stored and receipted all the same.

extension HubDraft {
    /// Revokes a device; again with another reason or other ends is refused by the caller.
    ///
    /// `good` are the ends that hold, everything held where it is nil. `Held.written` must have the
    /// device's entries. Returns the cases that were reopened.
    package mutating func revoke(
        _ id: String,
        because reason: Revocation.Reason,
        good: [Digest]?
    ) -> [CaseName] {
        guard held.devices[id]?.revocation == nil else { return [] }
        let revocation = Revocation(
            device: id,
            reason: reason,
            good: good ?? held.written[id, default: []].ends
        )
        let document = state(.revocation, revocation.json)
        offer(document.entry.uid, to: FeedName.hub)
        return enforce(revocation)
    }

    /// Gives what is beyond the good ends of a revoked device no effect.
    @discardableResult
    mutating func enforce(_ revocation: Revocation) -> [CaseName] {
        guard var device = held.devices[revocation.device] else { return [] }
        device.revocation = revocation
        add(device)
        if held.state.awaited.contains(device.id) {
            change { $0.awaited.removeAll { $0 == device.id } }
        }
        let beyond = held.written[device.id, default: []].beyond(revocation.good)
        var reopened: [CaseName] = []
        for (key, links) in Dictionary(grouping: beyond, by: \.caseKey).sorted(by: {
            $0.key < $1.key
        }) {
            guard let dossier = held.cases[key]?.dossier, let name = dossier.nameSaid else {
                continue
            }
            let acts = Set(dossier.considerable).intersection(links.map(\.uid)).subtracting(
                dossier.inert
            )
            if acts.isEmpty { continue }
            state(
                .ruling(
                    Ruling(
                        name: name,
                        word: .revoked,
                        verdicts: acts.sorted(),
                        because: revocation.reason.rawValue
                    )
                ),
                about: key
            )
            if held.cases[key]?.dossier.restsOnInert == true, reopen(key, because: "revoked") {
                reopened.append(name)
            }
        }
        settle()
        return reopened
    }

    /// Says of an act that came from a revoked device that it has no effect yet.
    mutating func suspend(_ statement: Statement, of entry: Entry, _ revocation: Revocation) {
        state(
            .ruling(
                Ruling(
                    name: statement.name,
                    word: .revoked,
                    verdicts: [entry.uid],
                    because: revocation.reason.rawValue
                )
            ),
            about: entry.caseKey
        )
    }

    /// What is said of an entry that a revoked device handed in: it waits for an administrator.
    package static let revokedCode = "revoked"

    /// What is said of it after an administrator has rejected it.
    package static let notApprovedCode = "notApproved"

    /// Says what an administrator thinks of acts that wait, of all those on the cases held.
    ///
    /// What does not wait is passed over. Returns how many there were. `Held.known` must have them.
    package mutating func rule(
        _ word: Ruling.Word,
        on uids: Set<Digest>,
        by: String,
        because: String
    ) -> Int {
        var count = 0
        for key in held.cases.keys.sorted() {
            guard let dossier = held.cases[key]?.dossier, let name = dossier.name else { continue }
            let waiting = dossier.rulingOnActs.filter {
                $0.value == .revoked && uids.contains($0.key)
            }
            if waiting.isEmpty { continue }
            count += waiting.count
            state(
                .ruling(
                    Ruling(
                        name: name,
                        word: word,
                        verdicts: waiting.keys.sorted(),
                        by: by,
                        because: because
                    )
                ),
                about: key
            )
            for uid in waiting.keys.sorted() { tell(word, of: uid) }
            if word == .accepted { announceLate(Set(waiting.keys), key) }
        }
        settle()
        return count
    }

    /// What the device hears of an act that was looked at, when it asks again.
    private mutating func tell(_ word: Ruling.Word, of uid: Digest) {
        guard let known = held.known[uid], known.code == Self.revokedCode else { return }
        let isAccepted = word == .accepted
        let result: PushResult.Word =
            known.result == .forked ? .forked : isAccepted ? .accepted : .rejected
        say(result, isAccepted ? "" : Self.notApprovedCode, of: uid)
    }
}

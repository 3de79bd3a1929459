import Review

/// A pushed entry, and what can be found out about it outside of the transaction.
package struct Pushed: Sendable {
    package let document: Document
    /// Whether its signature is its device's.
    let signatureHolds: Bool
    /// Whether its payload is the one it names, nil where that has not come.
    let payloadHolds: Bool?
    /// What it says about its case.
    let statement: Result<Statement?, EntryError>

    package init(_ document: Document, of device: Device, _ cryptography: Cryptography) {
        self.document = document
        let entry = document.entry
        signatureHolds = cryptography.verify(
            entry.signature,
            Entry.message(for: entry.uid),
            device.key
        )
        payloadHolds = document.payload.map { cryptography.hash($0) == entry.payload }
        statement = Result { () throws(EntryError) in try document.statement() }
    }
}

extension HubDraft {
    /// Takes what a device hands in, in its order, and says what became of each.
    ///
    /// - **NothingLost**, **ForksKept**: whatever follows on something held is stored, also a
    ///   second branch of a log and an entry that can have no effect.
    /// - **OnceOnly**: an entry that is held already changes nothing.
    package mutating func push(_ pushed: [Pushed], from device: Device) -> [PushResult] {
        let results = pushed.map { take($0, from: device) }
        settle()
        return results
    }

    private mutating func take(_ pushed: Pushed, from device: Device) -> PushResult {
        let entry = pushed.document.entry
        func result(_ word: PushResult.Word, _ code: String = "") -> PushResult {
            PushResult(log: entry.log, seq: entry.seq, result: word, code: code)
        }
        guard entry.log.device == device.id else { return result(.unread, "notYours") }
        let head = held.logs[entry.log] ?? LogHead()
        let follows = entry.seq == head.seq + 1 && entry.prev == head.uid
        if let known = held.known[entry.uid] {
            // One that another replica handed in before its author did.
            if follows { extend(entry.log, to: entry) }
            complete(pushed, known, from: device)
            return result(.duplicate, held.known[entry.uid]?.reason ?? "")
        }
        guard follows || branches(entry) else { return result(.gap) }

        if isErased(pushed.document), pushed.signatureHolds {
            let word: PushResult.Word = follows ? .accepted : .forked
            acceptErased(
                pushed.document,
                saying: try? pushed.statement.get(),
                result: word,
                from: device,
                reviewer: device.reviewer,
                extendsLog: follows
            )
            return result(word)
        }
        var (word, code) = judge(pushed, from: device)
        if code == "notAssigned", held.state.isRecovering {
            return result(.unread, "recovering")  // The request may come back yet.
        }
        var suspended: Statement?
        // As it stands in this transaction: it may have been revoked since the device was read.
        if let revocation = held.devices[device.id]?.revocation, word != .rejected,
            case .success(let statement?) = pushed.statement
        {
            (word, code) = (.deferred, Self.revokedCode)
            suspend(statement, of: entry, revocation)
            suspended = statement
        }
        accept(
            pushed.document,
            result: follows ? word : .forked,
            code: code,
            from: device.reviewer,
            extendsLog: follows
        )
        if word == .accepted, case .success(let statement?) = pushed.statement {
            takeEffect(statement, of: entry)
        } else if Self.deferralCodes.contains(code) {
            wait(
                HeldCase.Deferred(
                    document: pushed.document,
                    reviewer: device.reviewer,
                    result: follows ? word : .forked,
                    code: code
                )
            )
        }
        if let suspended { file(suspended, of: entry) }
        return result(follows || word == .rejected ? word : .forked, code)
    }

    /// Whether an entry follows on one of its own log that is held, though not on its end.
    private func branches(_ entry: Entry) -> Bool {
        guard let prev = entry.prev else { return true }
        return held.known[prev].map { $0.log == entry.log && $0.seq + 1 == entry.seq } ?? false
    }

    /// Whether an entry can have its effect now (`accepted`), later, or never, and why.
    private func judge(_ pushed: Pushed, from device: Device) -> (PushResult.Word, String) {
        guard pushed.signatureHolds else { return (.rejected, "badSignature") }
        guard let payloadHolds = pushed.payloadHolds else { return (.deferred, "payloadMissing") }
        guard payloadHolds else { return (.rejected, "payloadHash") }
        let entry = pushed.document.entry
        switch entry.kind {
        case .verdict, .retract:
            guard case .success(let statement?) = pushed.statement else {
                return (.rejected, "badPayload")
            }
            return judge(statement, of: entry, by: device.reviewer)
        case .epoch, .note, .checkpoint, nil: return (.accepted, "")
        default: return (.rejected, "notForNodes")
        }
    }

    func judge(
        _ statement: Statement,
        of entry: Entry,
        by reviewer: String
    ) -> (PushResult.Word, String) {
        let claim: (reviewer: String, name: CaseName, revision: Digest)
        var verdict: Verdict?
        switch statement {
        case .verdict(let value):
            guard value.via != .hub else { return (.rejected, "notForNodes") }
            claim = (value.reviewer, value.name, value.revision)
            verdict = value
        case .retraction(let value): claim = (value.reviewer, value.name, value.revision)
        default: return (.rejected, "notForNodes")
        }
        guard claim.reviewer == reviewer else { return (.rejected, "otherReviewer") }
        guard let dossier = held.cases[entry.caseKey]?.dossier, let name = dossier.name else {
            return (.deferred, "caseMissing")
        }
        guard claim.name == name else { return (.rejected, "otherCase") }
        guard
            let record = dossier.cases.first(where: { $0.value.revision == claim.revision })?.value
        else { return (.deferred, "revisionMissing") }
        guard dossier.assignments.contains(where: { $0.value.reviewer == reviewer }) else {
            return (.rejected, "notAssigned")
        }
        if let label = verdict?.label, !record.labels.contains(label) {
            return (.rejected, "unknownLabel")
        }
        if verdict?.blindLabel != nil, !record.blind { return (.rejected, "notBlind") }
        return (.accepted, "")
    }

    mutating func takeEffect(_ statement: Statement, of entry: Entry) {
        file(statement, of: entry)
        announceLate([entry.uid], entry.caseKey)
    }

    /// Tells callers of acts that the seal of their case did not consider.
    mutating func announceLate(_ uids: Set<Digest>, _ key: String) {
        guard let dossier = held.cases[key]?.dossier, let name = dossier.name,
            let seal = dossier.seal?.value
        else { return }
        let statuses = dossier.statuses()
        for uid in uids.subtracting(seal.considered).sorted() {
            let status = statuses[uid]?.rawValue ?? ""
            announce(.verdictLate, name, ["verdict": uid.json, "status": .string(status)])
        }
    }

    /// Whether a delta counts a branch of its log that is not the one the hub goes on with.
    private func isOfBranch(_ delta: Delta) -> Bool {
        guard let head = held.logs[delta.log], delta.through <= head.seq else { return false }
        return held.known[delta.head].map { $0.result == .forked } ?? true
    }

    /// Keeps a device's counts where they are newer than those held.
    package mutating func take(_ delta: Delta, from device: Device) {
        let message = Delta.message(delta.line)
        let isOlder = held.deltas.contains { kept in
            kept.log == delta.log && kept.scope == delta.scope && kept.through >= delta.through
        }
        guard !isOlder, !isOfBranch(delta), delta.log.device == device.id,
            held.devices[device.id]?.revocation == nil,
            cryptography.verify(delta.signature, message, device.key)
        else { return }
        keep(delta)
    }
}

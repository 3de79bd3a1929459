import Review

/// A pushed entry, and whether its signature is its device's: checked outside of the transaction.
package struct Pushed: Sendable, Equatable {
    package let document: Document
    package let signatureHolds: Bool

    package init(document: Document, signatureHolds: Bool) {
        self.document = document
        self.signatureHolds = signatureHolds
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
        if held.known[entry.uid] != nil { return result(.duplicate) }
        let head = held.logs[entry.log] ?? LogHead()
        let follows = entry.seq == head.seq + 1 && entry.prev == head.uid
        let branches = entry.prev.map { held.known[$0] != nil } ?? true
        guard follows || branches else { return result(.gap) }

        let (word, code) = judge(pushed, from: device)
        // On a fork too, what is deferred is kept as that, so that it takes effect when it can.
        accept(
            pushed.document,
            result: follows || word != .accepted ? word : .forked,
            code: code,
            from: device.reviewer,
            extendsLog: follows
        )
        if word == .accepted { takeEffect(pushed.document) }
        return result(follows || word == .rejected ? word : .forked, code)
    }

    /// Whether an entry can have its effect now (`accepted`), later, or never, and why.
    private func judge(_ pushed: Pushed, from device: Device) -> (PushResult.Word, String) {
        let document = pushed.document
        guard pushed.signatureHolds else { return (.rejected, "badSignature") }
        guard let payload = document.payload else { return (.deferred, "payloadMissing") }
        guard cryptography.hash(payload) == document.entry.payload else {
            return (.rejected, "payloadHash")
        }
        switch document.entry.kind {
        case .verdict, .retract: return judgeAct(document, by: device.reviewer)
        case .epoch, .note, .checkpoint, nil: return (.accepted, "")
        default: return (.rejected, "notForNodes")
        }
    }

    private func judgeAct(_ document: Document, by reviewer: String) -> (PushResult.Word, String) {
        let claim: (reviewer: String, name: CaseName, revision: Digest)
        var label: String?
        var isBlindLabelled = false
        do {
            let json = try document.content()
            if document.entry.kind == .verdict {
                let verdict = try Verdict(json: json)
                guard verdict.via != .hub else { return (.rejected, "notForNodes") }
                claim = (verdict.reviewer, verdict.name, verdict.revision)
                label = verdict.label
                isBlindLabelled = verdict.blindLabel != nil
            } else {
                let retraction = try Retraction(json: json)
                claim = (retraction.reviewer, retraction.name, retraction.revision)
            }
        } catch {
            return (.rejected, "badPayload")
        }
        guard claim.reviewer == reviewer else { return (.rejected, "otherReviewer") }
        guard let dossier = held.cases[document.entry.caseKey]?.dossier, let name = dossier.name
        else { return (.deferred, "caseMissing") }
        guard claim.name == name else { return (.rejected, "otherCase") }
        guard
            let record = dossier.cases.first(where: { $0.value.revision == claim.revision })?.value
        else { return (.deferred, "revisionMissing") }
        guard dossier.assignments.contains(where: { $0.value.reviewer == reviewer }) else {
            return (.rejected, "notAssigned")
        }
        if let label, !record.labels.contains(label) { return (.rejected, "unknownLabel") }
        if isBlindLabelled, !record.blind { return (.rejected, "notBlind") }
        return (.accepted, "")
    }

    private mutating func takeEffect(_ document: Document) {
        guard document.entry.kind == .verdict || document.entry.kind == .retract else { return }
        let key = document.entry.caseKey
        file(document)
        guard let dossier = held.cases[key]?.dossier, let name = dossier.name,
            let seal = dossier.seal?.value, !seal.considered.contains(document.entry.uid)
        else { return }
        let status = dossier.statuses()[document.entry.uid]?.rawValue ?? ""
        announce(
            .verdictLate,
            name,
            ["verdict": document.entry.uid.json, "status": .string(status)]
        )
    }

    /// Keeps a device's counts where they are newer than those held.
    package mutating func take(_ delta: Delta, from device: Device) {
        let message = Delta.message(delta.line)
        let isOlder = held.deltas.contains { kept in
            kept.log == delta.log && kept.scope == delta.scope && kept.through >= delta.through
        }
        guard !isOlder, delta.log.device == device.id,
            cryptography.verify(delta.signature, message, device.key)
        else { return }
        keep(delta)
    }
}

import Review

// What is kept and has no effect yet: something that it refers to has not come. No timer guesses.

extension HubDraft {
    /// Codes of what has no effect yet.
    package static let deferralCodes: Set = ["payloadMissing", "caseMissing", "revisionMissing"]

    /// Codes of what stands in a case's dossier: it has an effect, or a ruling says that it has none.
    package static let effectiveCodes = ["", recoveredCode, revokedCode, notApprovedCode]

    /// Takes the payload of an entry that had come without it.
    mutating func complete(_ pushed: Pushed, _ known: KnownEntry, from device: Device) {
        guard known.code == "payloadMissing", pushed.payloadHolds == true,
            let payload = pushed.document.payload
        else { return }
        fill(pushed.document.entry, with: payload)
        wait(
            HeldCase.Deferred(
                document: pushed.document,
                reviewer: device.reviewer,
                result: known.result,
                code: known.code
            )
        )
        retry(pushed.document.entry.caseKey)
        touch(pushed.document.entry.caseKey)
    }

    /// Gives what waited its effect, where everything that it refers to is there now.
    ///
    /// It is judged as if it came now: it may turn out to have none.
    mutating func retry(_ key: String) {
        for deferred in held.cases[key]?.deferred ?? [] where deferred.document.payload != nil {
            let entry = deferred.document.entry
            guard let statement = try? deferred.document.statement() else {
                settle(deferred, .rejected, "badPayload")
                continue
            }
            let (word, code) = judge(statement, of: entry, by: deferred.reviewer)
            // While a hub recovers, the request to this reviewer may come back yet.
            if code == deferred.code || (code == "notAssigned" && held.state.isRecovering) {
                continue
            }
            if word != .rejected, let revocation = held.devices[entry.log.device]?.revocation {
                settle(deferred, .deferred, Self.revokedCode)
                suspend(statement, of: entry, revocation)
                file(statement, of: entry)
            } else {
                settle(deferred, word, code)
                if word == .accepted { takeEffect(statement, of: entry) }
            }
        }
    }

    private mutating func settle(
        _ deferred: HeldCase.Deferred,
        _ word: PushResult.Word,
        _ code: String
    ) {
        let entry = deferred.document.entry
        let result = deferred.result == .forked ? .forked : word
        say(result, code, of: entry.uid)
        stopWaiting(entry)
        guard Self.deferralCodes.contains(code) else { return }
        wait(
            HeldCase.Deferred(
                document: deferred.document,
                reviewer: deferred.reviewer,
                result: result,
                code: code
            )
        )
    }
}

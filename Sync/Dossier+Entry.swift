package import Review

extension Dossier {
    /// Adds what an entry says about this case.
    ///
    /// Kinds that say nothing about one change nothing.
    ///
    /// Throws where the payload is not what the kind says; the dossier is then as before.
    package mutating func add(_ document: Document, hub: String) throws(EntryError) {
        guard let kind = document.entry.kind else { return }
        let json = try document.content()
        do throws(PayloadError) {
            let entry = document.entry
            let byHub = entry.log.device == hub
            func entered<Value>(_ value: Value) -> Entered<Value> {
                Entered(uid: entry.uid, device: entry.log.device, byHub: byHub, value: value)
            }
            switch kind {
            case .verdict: add(entered(try Verdict(json: json)))
            case .retract: add(entered(try Retraction(json: json)))
            case _ where !byHub: break  // The rest holds only from the hub's hand.
            case .case: add(entered(try CaseRecord(json: json)))
            case .proposal: add(entered(try Proposal(json: json)))
            case .terms: add(entered(try Terms(json: json)))
            case .assignment: add(entered(try Assignment(json: json)))
            case .withdrawal: add(entered(try Withdrawal(json: json)))
            case .release: add(entered(try Release(json: json)))
            case .outcome: add(entered(try Outcome(json: json)))
            case .seal: add(entered(try Seal(json: json)))
            case .reopen: add(entered(try Reopening(json: json)))
            case .acted: add(entered(try Acted(json: json)))
            default: break
            }
        } catch {
            throw .payload("\(error)")
        }
    }
}

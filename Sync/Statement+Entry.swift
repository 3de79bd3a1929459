package import Review

// A statement stands in an entry of its kind.

extension Statement {
    /// The kinds that say something about a case.
    static let kinds: Set<Entry.Kind> = [
        .case, .proposal, .terms, .assignment, .withdrawal, .verdict, .retract, .release, .outcome,
        .seal, .reopen, .ruling, .acted,
    ]

    package var kind: Entry.Kind {
        switch self {
        case .record: .case
        case .proposal: .proposal
        case .terms: .terms
        case .assignment: .assignment
        case .withdrawal: .withdrawal
        case .verdict: .verdict
        case .retraction: .retract
        case .release: .release
        case .outcome: .outcome
        case .seal: .seal
        case .reopening: .reopen
        case .ruling: .ruling
        case .acted: .acted
        }
    }

    /// Reads the payload of an entry; nil for kinds that say nothing about a case.
    package init?(_ kind: Entry.Kind, _ json: JSON) throws(PayloadError) {
        switch kind {
        case .case: self = .record(try CaseRecord(json: json))
        case .proposal: self = .proposal(try Proposal(json: json))
        case .terms: self = .terms(try Terms(json: json))
        case .assignment: self = .assignment(try Assignment(json: json))
        case .withdrawal: self = .withdrawal(try Withdrawal(json: json))
        case .verdict: self = .verdict(try Verdict(json: json))
        case .retract: self = .retraction(try Retraction(json: json))
        case .release: self = .release(try Release(json: json))
        case .outcome: self = .outcome(try Outcome(json: json))
        case .seal: self = .seal(try Seal(json: json))
        case .reopen: self = .reopening(try Reopening(json: json))
        case .ruling: self = .ruling(try Ruling(json: json))
        case .acted: self = .acted(try Acted(json: json))
        default: return nil
        }
    }
}

extension Dossier {
    /// Adds what an entry says about this case; kinds that say nothing about one change nothing.
    ///
    /// Throws where the payload is not what the kind says; the dossier is then as before.
    package mutating func add(_ document: Document, hub: String) throws(EntryError) {
        guard let statement = try document.statement() else { return }
        add(statement, of: document.entry, hub: hub)
    }

    /// Adds what an entry says that was read already.
    package mutating func add(_ statement: Statement, of entry: Entry, hub: String) {
        add(
            statement,
            uid: entry.uid,
            log: entry.log,
            seq: entry.seq,
            byHub: entry.log.device == hub
        )
    }
}

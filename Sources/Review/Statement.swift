/// What an entry says about a case: one of these for each kind of entry that says anything.
package enum Statement: Sendable, Equatable {
    case record(CaseRecord)
    case proposal(Proposal)
    case terms(Terms)
    case assignment(Assignment)
    case withdrawal(Withdrawal)
    case verdict(Verdict)
    case retraction(Retraction)
    case release(Release)
    case outcome(Outcome)
    case seal(Seal)
    case reopening(Reopening)
    case ruling(Ruling)
    case acted(Acted)

    /// The payload of the entry, without its salt.
    package var json: JSON {
        switch self {
        case .record(let value): value.json
        case .proposal(let value): value.json
        case .terms(let value): value.json
        case .assignment(let value): value.json
        case .withdrawal(let value): value.json
        case .verdict(let value): value.json
        case .retraction(let value): value.json
        case .release(let value): value.json
        case .outcome(let value): value.json
        case .seal(let value): value.json
        case .reopening(let value): value.json
        case .ruling(let value): value.json
        case .acted(let value): value.json
        }
    }

    /// The case it is about.
    package var name: CaseName {
        switch self {
        case .record(let value): value.name
        case .proposal(let value): value.name
        case .terms(let value): value.name
        case .assignment(let value): value.name
        case .withdrawal(let value): value.name
        case .verdict(let value): value.name
        case .retraction(let value): value.name
        case .release(let value): value.name
        case .outcome(let value): value.name
        case .seal(let value): value.name
        case .reopening(let value): value.name
        case .ruling(let value): value.name
        case .acted(let value): value.name
        }
    }

    /// Whether it holds from a reviewer's hand; the rest holds only from the hub's.
    package var isOfReviewers: Bool {
        switch self {
        case .verdict, .retraction: true
        default: false
        }
    }
}

extension Dossier {
    /// Adds what an entry says.
    ///
    /// A reviewer's word about what is the hub's to say changes nothing.
    package mutating func add(
        _ statement: Statement,
        uid: Digest,
        log: LogName,
        seq: Int64,
        byHub: Bool
    ) {
        guard byHub || statement.isOfReviewers else { return }
        func entered<Value>(_ value: Value) -> Entered<Value> {
            Entered(uid: uid, log: log, seq: seq, byHub: byHub, value: value)
        }
        switch statement {
        case .record(let value): add(entered(value))
        case .proposal(let value): add(entered(value))
        case .terms(let value): add(entered(value))
        case .assignment(let value): add(entered(value))
        case .withdrawal(let value): add(entered(value))
        case .verdict(let value): add(entered(value))
        case .retraction(let value): add(entered(value))
        case .release(let value): add(entered(value))
        case .outcome(let value): add(entered(value))
        case .seal(let value): add(entered(value))
        case .reopening(let value): add(entered(value))
        case .ruling(let value): add(entered(value))
        case .acted(let value): add(entered(value))
        }
    }
}

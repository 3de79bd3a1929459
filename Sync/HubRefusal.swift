package import Review

/// Why the hub does not do what a caller or an administrator asks: what, what is safe, what next.
package enum HubRefusal: Error, Equatable {
    case unknownWorkflow(String, nearest: [String])
    case unknownCase(CaseName)
    case sealed(CaseName)
    case sealedAlready(CaseName)
    case notSealed(CaseName)
    /// Nobody was to look at it.
    case notReviewed(CaseName)
    /// Why somebody cannot be asked about a case.
    case cannotReview(String, CaseName, String)
    case notDecided(CaseName, Outcome.State?)
    case outcomeChanged(CaseName, now: Digest)
    case alreadyDecided(CaseName)
    case unknownLabel(String, labels: [String])
    case party(String, CaseName)
    case badName(String)
    case unknownReviewer(String, nearest: [String])
    case tokenUsed
    /// The hub went back in time and waits for so many devices.
    case recovering(Int)

    /// The stable word that scripts rely on.
    package var code: String {
        switch self {
        case .unknownWorkflow: "unknownWorkflow"
        case .unknownCase: "unknownCase"
        case .sealed, .sealedAlready: "sealed"
        case .notReviewed: "notReviewed"
        case .cannotReview: "cannotReview"
        case .notSealed: "notSealed"
        case .notDecided: "notDecided"
        case .outcomeChanged: "outcomeChanged"
        case .alreadyDecided: "alreadyDecided"
        case .unknownLabel: "unknownLabel"
        case .party: "party"
        case .badName: "badName"
        case .unknownReviewer: "unknownReviewer"
        case .tokenUsed: "tokenUsed"
        case .recovering: "recovering"
        }
    }

    package var hint: String {
        switch self {
        case .unknownWorkflow(_, let nearest) where !nearest.isEmpty:
            "did you mean \(nearest.joined(separator: ", "))?"
        case .unknownWorkflow: "activate its policy first: `countersign-hub policy activate FILE`"
        case .unknownCase: "list the cases there are: `countersign-hub cases`"
        case .sealed: "send it under a new id, with `replaces` naming this case"
        case .sealedAlready(let name):
            "to ask people again: `countersign-hub reopen \(name) --because TEXT`"
        case .cannotReview: "see who reviews what: `countersign-hub reviewer list`"
        case .notSealed(let name), .notReviewed(let name), .notDecided(let name, _),
            .outcomeChanged(let name, _),
            .alreadyDecided(let name),
            .party(_, let name):
            "look at the case: `countersign-hub case show \(name)`"
        case .unknownLabel(_, let labels): "its labels are \(labels.joined(separator: ", "))"
        case .badName: "use 1 to 200 bytes without `/`, spaces or control characters"
        case .unknownReviewer(_, let nearest) where !nearest.isEmpty:
            "did you mean \(nearest.joined(separator: ", "))?"
        case .unknownReviewer: "add the reviewer first: `countersign-hub reviewer add NAME`"
        case .tokenUsed: "ask for another: `countersign-hub reviewer token NAME`"
        case .recovering:
            "wait for them to sync, or end it: `countersign-hub recover end --by NAME --because TEXT`"
        }
    }
}

extension HubRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownWorkflow(let name, _): "there is no workflow \(name); nothing was changed"
        case .unknownCase(let name): "there is no case \(name); nothing was changed"
        case .sealed(let name): "the outcome of \(name) is sealed, so its content cannot change"
        case .sealedAlready(let name):
            "the outcome of \(name) is sealed, so nobody is asked about it any more; nothing was "
                + "changed"
        case .notReviewed(let name):
            "\(name) is not under review, so nobody was asked about it; nothing was changed"
        case .cannotReview(let reviewer, let name, let why):
            "\(reviewer) cannot be asked about \(name), as \(reviewer) \(why); nothing was changed"
        case .notSealed(let name):
            "\(name) is not sealed, so its round is still open; nothing was changed"
        case .notDecided(let name, let state):
            "\(name) is \(state?.rawValue ?? "not under review"), so it cannot be claimed yet"
        case .outcomeChanged(let name, let now): "the outcome of \(name) is now \(now)"
        case .alreadyDecided(let name): "\(name) is decided already; nothing was changed"
        case .unknownLabel(let label, _): "the workflow has no label \(label); nothing was changed"
        case .party(let reviewer, let name):
            "\(reviewer) has reviewed \(name) and cannot decide between the sides"
        case .badName(let name): "\(name.debugDescription) cannot be a name; nothing was changed"
        case .unknownReviewer(let name, _): "there is no reviewer \(name); nothing was changed"
        case .recovering(let count):
            "the hub was restored and waits for \(count) devices to hand in what it lost; until then "
                + "it seals nothing, and nothing was changed"
        case .tokenUsed: "this token was used by another device, has expired or was never made here"
        }
    }
}

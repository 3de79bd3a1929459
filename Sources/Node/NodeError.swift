package import Review

/// Why a node does not do what it was asked: what happened, what is safe, what to type next.
package enum NodeError: Error, Equatable {
    case unknownCase(String, nearest: [String])
    /// Nobody waits for this reviewer's word on it any more; by whose act, where it was somebody's.
    case takenBack(CaseName, by: String?)
    /// What the case is about is on this machine no longer.
    case purged(CaseName)
    case notSetAside(String)
    case revisionChanged(CaseName)
    case unknownLabel(String, nearest: [String], all: [String])
    case ambiguousLabel(String, candidates: [String])
    case unknownKind(String)
    case unknownReason(String, all: [String])
    case reasonRequired([String])
    case badOutput(String)
    case nothingToUndo
    case keyReused(String)
    case badLine(String)
    case badToken
    case alreadyEnrolled
    case wrongHub(String)
    case otherAuthority
    case keyMissing(path: String)
    case cannotWrite(path: String, reason: String)
    case noSuchFile(String)
    case syncRunning
    /// The hub, or what stands before it, has too much to do and said until when.
    case hubBusy(until: Timestamp)
    /// After failures an unattended sync leaves the network alone for a while.
    case notYet(until: Timestamp)
    /// The hub trusts this device no longer.
    case revoked
    /// A file is no bundle, or not as its writer left it.
    case badBundle(String)
    case otherBundle
    /// There is no request that an answer could be for.
    case noRequest
    /// It goes on from a place that this machine has not reached.
    case bundleAhead
    /// What a bundle is to be sealed to has not come yet.
    case noHubKey
    case noSystemd
    /// A timer cannot be made, or not here.
    case autosync(String, hint: String)
    case noAttachment(CaseName, Int, count: Int)
    case attachmentNotHere(CaseName, Int)
    case attachmentDamaged(CaseName, Int)
    /// What the hub sends under the name of an attachment is another file.
    case wrongAttachment(Digest)
    case refused(Refusal)

    /// What the hub said when it did not take a request (RFC 9457).
    package struct Refusal: Sendable, Equatable {
        package let status: Int
        package let code: String
        package let message: String
        package let hint: String
        package let isRetryable: Bool
        /// The hub's clock, told where the request was signed at another time.
        package let hubTime: Timestamp?
        /// How long the hub asks to be left alone.
        package let retryAfterSeconds: Int64?
    }
}

extension NodeError {
    /// The stable word that scripts rely on.
    package var code: String {
        switch self {
        case .unknownCase: "unknownCase"
        case .takenBack: "withdrawn"
        case .purged: "purged"
        case .notSetAside: "notSetAside"
        case .revisionChanged: "revisionChanged"
        case .unknownLabel: "unknownLabel"
        case .ambiguousLabel: "ambiguousLabel"
        case .unknownKind: "unknownKind"
        case .unknownReason: "unknownReason"
        case .reasonRequired: "reasonRequired"
        case .badOutput: "badOutput"
        case .nothingToUndo: "nothingToUndo"
        case .keyReused: "keyReused"
        case .badLine: "badLine"
        case .badToken: "badToken"
        case .alreadyEnrolled: "alreadyEnrolled"
        case .wrongHub: "wrongHub"
        case .otherAuthority: "certificate"
        case .keyMissing: "keyMissing"
        case .cannotWrite: "cannotWrite"
        case .noSuchFile: "noSuchFile"
        case .syncRunning: "busy"
        case .hubBusy: "hubBusy"
        case .notYet: "notYet"
        case .revoked: "revoked"
        case .badBundle: "badBundle"
        case .otherBundle: "otherBundle"
        case .noRequest: "noRequest"
        case .bundleAhead: "bundleAhead"
        case .noHubKey: "noHubKey"
        case .noSystemd: "noSystemd"
        case .autosync: "autosync"
        case .noAttachment: "noAttachment"
        case .attachmentNotHere: "attachmentNotHere"
        case .attachmentDamaged: "attachmentDamaged"
        case .wrongAttachment: "wrongAttachment"
        case .refused(let refusal): refusal.code
        }
    }

    package var isRetryable: Bool {
        switch self {
        case .syncRunning, .hubBusy, .notYet: true
        case .refused(let refusal): refusal.isRetryable
        default: false
        }
    }

    package var hint: String {
        switch self {
        case .unknownCase(_, let nearest) where !nearest.isEmpty:
            "did you mean \(nearest.joined(separator: ", "))?"
        case .unknownCase: "see what there is: `countersign list --all`"
        case .takenBack: "see what waits for you: `countersign list`"
        case .purged(let name): "see what you said of it: `countersign history \(name)`"
        case .notSetAside: "see what was: `countersign quarantine list`"
        case .revisionChanged(let name): "look at it again: `countersign show \(name)`"
        case .unknownLabel(_, let nearest, _) where !nearest.isEmpty:
            "did you mean \(nearest.joined(separator: ", "))?"
        case .unknownLabel(_, _, let all): "the labels are \(all.joined(separator: ", "))"
        case .ambiguousLabel(_, let candidates): "it could be \(candidates.joined(separator: ", "))"
        case .unknownKind:
            "the kinds are \(Abstention.allCases.map(\.rawValue).joined(separator: ", "))"
        case .unknownReason(_, let all), .reasonRequired(let all):
            "the reasons are \(all.joined(separator: ", "))"
        case .badOutput: "correct the output and give the answer again"
        case .nothingToUndo: "see what you decided: `countersign history`"
        case .keyReused: "give a new act a new key"
        case .badLine: #"a line looks like {"case": "refunds/T-1029", "label": "deny"}"#
        case .badToken, .wrongHub, .otherAuthority: "ask your administrator for a new token"
        case .alreadyEnrolled: "go on with `countersign sync`, or name another folder with --home"
        case .keyMissing:
            "restore the file from where you keep it, or enrol again in another folder"
        case .cannotWrite: "make room or name another folder with --home"
        case .noSuchFile: "check the name of the file"
        case .syncRunning: "wait for it: `countersign sync --wait`"
        case .hubBusy, .notYet: "after that: `countersign sync`"
        case .revoked:
            "ask your administrator for a token, and enrol again: `countersign --home NEW enrol URL --token-file F`"
        case .badBundle: "copy the file again, or ask for another: `countersign-hub bundle export`"
        case .otherBundle: "give it to whom it is for, and ask for your own"
        case .noRequest: "print one first: `countersign enrol --print-request --token-file F`"
        case .bundleAhead:
            "send a bundle up first, which says where this machine stands: "
                + "`countersign bundle export FILE`"
        case .noHubKey: "sync once, or ask whoever runs the hub to start it with its newest version"
        case .noSystemd: "add the line that was printed with `crontab -e`"
        case .autosync(_, let hint): hint
        case .noAttachment(let name, _, _): "see what there is: `countersign show \(name)`"
        case .attachmentNotHere(let name, _), .attachmentDamaged(let name, _):
            "when you are online: `countersign attachments fetch \(name)`"
        case .wrongAttachment:
            "tell your administrator, who finds out more by `countersign-hub verify`"
        case .refused(let refusal): refusal.hint
        }
    }
}

extension NodeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownCase(let name, _):
            "there is no case \(name) on this machine; nothing was saved"
        case .takenBack(let name, let by?):
            "\(name) was taken back by \(by): it is not yours to decide any more; nothing was saved"
        case .purged(let name):
            "what \(name) is about is on this machine no longer: it is settled, and the hub keeps it; "
                + "nothing was saved"
        case .takenBack(let name, nil):
            "\(name) was taken back by the hub, which needs no answer any more; nothing was saved"
        case .notSetAside(let uid): "nothing of the name \(uid) was set aside; nothing was changed"
        case .revisionChanged(let name):
            "\(name) has changed since you last saw it; nothing was saved"
        case .unknownLabel(let label, _, _): "there is no label \(label); nothing was saved"
        case .ambiguousLabel(let text, _): "\(text) could be several labels; nothing was saved"
        case .unknownKind(let kind): "\(kind) is no kind of abstention; nothing was saved"
        case .unknownReason(let reason, _): "there is no reason \(reason); nothing was saved"
        case .reasonRequired: "this workflow wants a reason with every answer; nothing was saved"
        case .badOutput(let why): "the edited output is not accepted (\(why)); nothing was saved"
        case .nothingToUndo: "there is nothing to undo"
        case .keyReused(let key):
            "the key \(key) was used for another act; nothing was saved and the first one stands"
        case .badLine(let why): "the line is not a verdict (\(why)); nothing was saved for it"
        case .badToken: "this is not an enrolment token; nothing was sent"
        case .alreadyEnrolled: "this machine is enrolled already; nothing was changed"
        case .wrongHub(let why): "the hub is not the one the token names (\(why)); nothing was kept"
        case .otherAuthority:
            "what answers there cannot prove that it is the hub: the token names another authority "
                + "for its certificate; nothing was sent"
        case .keyMissing(let path): "the device key \(path) is missing; what was decided is safe"
        case .cannotWrite(let path, let reason):
            "\(path) could not be written (\(reason)); what was decided before is safe"
        case .noSuchFile(let path): "there is no file \(path); nothing was changed"
        case .syncRunning: "another sync is running on this machine; nothing is lost"
        case .hubBusy(let until):
            "the hub is busy and asks to wait until \(until); your verdicts are saved on this machine"
        case .notYet(let until):
            "the last sync failed, and the next unattended one is due at \(until); nothing is lost"
        case .revoked:
            "the hub no longer trusts this device; what was decided here was handed in and waits there "
                + "for an administrator, and nothing new comes"
        case .badBundle(let why):
            "the bundle does not hold: \(why); nothing of it was applied, and what was decided is safe"
        case .otherBundle:
            "the bundle is for another device or from another hub; nothing of it was applied"
        case .noRequest:
            "this machine has not asked to be let in, so there is nothing to accept; nothing was changed"
        case .bundleAhead:
            "the bundle goes on from a place that this machine has not reached; nothing of it was "
                + "applied, and what was decided is safe"
        case .noHubKey:
            "this machine has not been told yet what its hub's bundles are sealed to; nothing was "
                + "written"
        case .noSystemd:
            "this user has no systemd, so there can be no timer; nothing was changed"
        case .autosync(let what, _): what
        case .noAttachment(let name, let number, let count):
            "\(name) has no attachment \(number), but \(count) of them"
        case .attachmentNotHere(let name, let number):
            "attachment \(number) of \(name) is not here yet"
        case .attachmentDamaged(let name, let number):
            "attachment \(number) of \(name) was damaged on this machine, and removed"
        case .wrongAttachment(let digest):
            "what came as attachment \(digest) is another file; it was dropped, and everything else "
                + "that came is kept"
        case .refused(let refusal):
            "the hub refused: \(refusal.message); your verdicts are saved on this machine"
        }
    }
}

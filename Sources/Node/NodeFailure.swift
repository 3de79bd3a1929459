import Replica
import Review
import Storage
import Sync

/// Any error of a node, as a person and a script are told of it.
package struct NodeFailure: Error, Equatable {
    /// What kind of failure it is, for an exit code.
    package enum Kind: Sendable {
        case badInput, notFound, refused, cannotWrite, tryLater, tooOld, notAllowed, failed
        /// Like `tryLater`: somebody is there, and has other things to do.
        case busy
    }

    package let kind: Kind
    package let code: String
    package let message: String
    package let hint: String
    package let isRetryable: Bool

    private init(
        _ kind: Kind,
        _ code: String,
        _ message: String,
        _ hint: String,
        isRetryable: Bool = false
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.hint = hint
        self.isRetryable = isRetryable
    }

    package init(_ error: any Error) {
        switch error {
        case let error as NodeFailure: self = error
        case let error as NodeError: self.init(error)
        case let error as SyncError: self.init(error)
        case let error as ReplicaError: self.init(error)
        case let error as StorageFileError: self.init(error)
        default:
            switch StorageTrouble(error) {
            case .full(let reason):
                self.init(
                    .cannotWrite,
                    "notWritable",
                    "the disk is full or not writable (\(reason)); what was saved before is safe",
                    "make room, then give the command again"
                )
            case .busy:
                self.init(
                    .busy,
                    "busy",
                    "another process is writing on this machine; nothing is lost",
                    "give the command again",
                    isRetryable: true
                )
            case .damaged(let reason):
                self.init(
                    .badInput,
                    "damaged",
                    "the replica cannot be read (\(reason)); it was left as it is",
                    "look at it: `countersign verify`"
                )
            case nil: self.init(.failed, "failed", "\(error)", "see `countersign --help`")
            }
        }
    }

    private init(_ error: NodeError) {
        let kind: Kind =
            switch error {
            case .unknownCase, .notSetAside, .takenBack, .purged, .noSuchFile, .noAttachment,
                .attachmentNotHere:
                .notFound
            case .badToken, .wrongHub, .otherAuthority, .keyMissing, .revoked, .otherBundle,
                .noRequest:
                .notAllowed
            case .alreadyEnrolled: .refused
            case .cannotWrite: .cannotWrite
            case .syncRunning, .hubBusy, .notYet: .busy
            case .noSystemd, .autosync, .noHubKey: .refused
            case .refused(let refusal): Self.kind(of: refusal)
            default: .badInput
            }
        self.init(kind, error.code, error.description, error.hint, isRetryable: error.isRetryable)
    }

    private static func kind(of refusal: NodeError.Refusal) -> Kind {
        switch refusal.status {
        case 401, 403: .notAllowed
        case 404: .notFound
        case 426: .tooOld
        case 429, 503: .busy
        case 500...599: .tryLater
        default: refusal.isRetryable ? .tryLater : .refused
        }
    }

    /// A sync's own sentence holds all three parts; the last is what to type.
    private init(_ error: SyncError) {
        let parts = error.description.split(separator: "; ")
        let message = parts.dropLast().joined(separator: "; ")
        let hint = parts.last.map(String.init) ?? "`countersign sync`"
        switch error {
        case .unreachable, .notTheHub, .damaged, .tooLarge:
            self.init(.tryLater, Self.code(error), message, hint, isRetryable: true)
        case .badSignature, .brokenFeed, .unread:
            self.init(.badInput, Self.code(error), message, hint)
        case .otherKey: self.init(.notAllowed, Self.code(error), message, hint)
        }
    }

    private static func code(_ error: SyncError) -> String {
        switch error {
        case .unreachable: "offline"
        case .notTheHub: "notTheHub"
        case .damaged: "damaged"
        case .badSignature: "badSignature"
        case .otherKey: "otherKey"
        case .brokenFeed: "brokenFeed"
        case .unread: "unread"
        case .tooLarge: "tooLarge"
        }
    }

    private init(_ error: ReplicaError) {
        let parts = error.description.split(separator: "; ")
        self.init(
            .notAllowed,
            "notEnrolled",
            parts.dropLast().joined(separator: "; "),
            parts.last.map(String.init) ?? ""
        )
    }

    private init(_ error: StorageFileError) {
        switch error {
        case .notOurs(let path):
            self.init(
                .badInput,
                "notOurs",
                "\(path) is not a replica of ours; it was left untouched",
                "name another folder with --home"
            )
        case .closed(let path, let reason):
            self.init(
                .cannotWrite,
                "closed",
                "\(path) cannot be opened (\(reason)); it was left as it is, and what is in it is safe",
                "make room and let this user read and write the folder, or copy it to where that is so"
            )
        case .tooNew(let path):
            self.init(
                .tooOld,
                "tooNew",
                "\(path) was written by a newer version; it was left untouched",
                "install that version of countersign"
            )
        case .damaged(let column):
            self.init(
                .badInput,
                "damaged",
                "the replica holds something unreadable in \(column); nothing was changed",
                "to find out what: `countersign verify`"
            )
        }
    }
}

extension NodeFailure {
    /// `{"code", "message", "hint", "retryable"}`, as a refused line of `decide` holds it.
    var json: JSON {
        [
            "code": .string(code), "message": .string(message), "hint": .string(hint),
            "retryable": .bool(isRetryable),
        ]
    }
}

import HubStore
package import Review
import Storage
package import Sync

/// Why the hub does not do what it was asked: what happened, what is safe, what to do next.
///
/// One value for both faces: a command turns `kind` into an exit code, a route into a status.
package struct HubFailure: Error, Equatable {
    package enum Kind: Sendable {
        /// What was sent or read is wrong.
        case badInput
        case tooLarge
        /// What was sent is not what it was said to be.
        case wrongContent
        /// What is asked for lies beyond the end.
        case outOfRange
        /// No such case, workflow, reviewer or file.
        case notFound
        /// Right as it is, but not now, or not any more.
        case refused
        case notAllowed
        /// Nobody known is asking.
        case unknownCaller
        /// Right, but there was too much of it of late.
        case tooOften
        case cannotWrite
        case tryLater
        case failed
    }

    /// Stable, camelCase.
    package let code: String
    package let message: String
    package let hint: String?
    package let kind: Kind
    /// What else a program can use, such as the hub's time.
    package let details: [String: JSON]

    package var isRetryable: Bool {
        kind == .tryLater || kind == .tooOften
            || code == "clock" || code == "damagedRequest"
    }

    package init(
        _ code: String,
        _ message: String,
        hint: String? = nil,
        kind: Kind,
        details: [String: JSON] = [:]
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.kind = kind
        self.details = details
    }
}

extension HubFailure: CustomStringConvertible {
    package var description: String { [message, hint].compactMap { $0 }.joined(separator: "; ") }

    /// `error` in the answers to single lines.
    package var json: JSON {
        [
            "code": .string(code), "message": .string(message),
            "hint": hint.map { .string($0) } ?? .null,
        ]
    }
}

// MARK: - From the errors of others

extension HubFailure {
    package init(_ refusal: HubRefusal) {
        let kind: Kind =
            switch refusal {
            case .unknownWorkflow, .unknownCase, .unknownReviewer: .notFound
            case .sealed, .sealedAlready, .notSealed, .notReviewed, .cannotReview, .notDecided,
                .outcomeChanged, .alreadyDecided, .recovering:
                .refused
            case .unknownLabel, .badName: .badInput
            case .party, .tokenUsed: .notAllowed
            }
        self.init(refusal.code, "\(refusal)", hint: refusal.hint, kind: kind)
    }

    /// Any error as a sentence, those of the hub's own parts with their code.
    package init(_ error: any Error) {
        switch error {
        case let failure as HubFailure: self = failure
        case let refusal as HubRefusal: self.init(refusal)
        case let error as StorageFileError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as WireError:
            self.init(
                "badBody",
                "\(error)",
                hint: "nothing of it was taken; send it again",
                kind: .badInput
            )
        default: self.init(below: error)
        }
    }

    private init(_ error: StorageFileError) {
        switch error {
        case .notOurs(let path):
            self.init(
                "notOurs",
                "\(path) is not a hub's database; it was left untouched",
                hint: "name another folder with --data",
                kind: .badInput
            )
        case .closed(let path, let reason):
            self.init(
                "closed",
                "\(path) cannot be opened (\(reason)); it was left as it is, and what is in it is safe",
                hint: "make room and let this user read and write the folder",
                kind: .cannotWrite
            )
        case .tooNew(let path):
            self.init(
                "tooNew",
                "\(path) was written by a newer version; it was left untouched",
                hint: "install that version of countersign-hub",
                kind: .badInput
            )
        case .damaged(let column):
            self.init(
                "damaged",
                "the hub's database holds something unreadable in \(column); nothing was changed",
                hint: "to find out what: `countersign-hub verify`",
                kind: .badInput
            )
        }
    }

    static var busy: HubFailure {
        HubFailure(
            "busy",
            "another process is writing to the hub; nothing was changed",
            hint: "give the command again",
            kind: .tryLater
        )
    }

    private init(below error: any Error) {
        switch StorageTrouble(error) {
        case .full(let reason):
            self.init(
                "notWritable",
                "the hub's disk is full or not writable (\(reason)); what was accepted before is safe",
                hint: "make room, then give the command again",
                kind: .cannotWrite
            )
        case .busy: self = Self.busy
        case .damaged(let reason):
            self.init(
                "damaged",
                "the hub's database cannot be read (\(reason)); it was left as it is",
                hint: "look at it: `countersign-hub verify`",
                kind: .badInput
            )
        case nil:
            self.init(
                "failed",
                "\(error)",
                hint: "nothing was changed; to look for the cause: `countersign-hub verify`",
                kind: .failed
            )
        }
    }
}

/// Why a sync ended early: what happened; what is safe; what to type next.
package enum SyncError: Error, Equatable {
    case unreachable(reason: String)
    case notTheHub(reason: String)
    case damaged(reason: String)
    case badSignature(what: String)
    /// It signs with a key that the root does not vouch for, or that was replaced.
    case otherKey
    case brokenFeed(feed: String, after: Int64)
    case unread(reason: String)
    /// Something between takes no request of so many bytes.
    case tooLarge(bytes: Int)
}

extension SyncError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let reason):
            "the hub did not answer (\(reason)); your verdicts are saved on this machine; "
                + "when you are online: `countersign sync`"
        case .notTheHub(let reason):
            "something else answered in the hub's place, such as a Wi-Fi sign-in page (\(reason)); "
                + "nothing was applied and your verdicts are saved; once signed in: `countersign sync`"
        case .damaged(let reason):
            "the hub's answer did not arrive whole (\(reason)); what came before it is kept and "
                + "your verdicts are saved; to go on: `countersign sync`"
        case .badSignature(let what):
            "the hub's answer holds \(what) that its key did not sign; nothing of it was applied "
                + "and your verdicts are saved; to find out why: `countersign verify`"
        case .otherKey:
            "what answered signs with a key that the hub's root key does not vouch for, or that was "
                + "replaced; nothing of it was applied and your verdicts are saved; once your "
                + "administrator knows why: `countersign sync`"
        case .brokenFeed(let feed, let seq):
            "the hub sent a page that does not follow on row \(seq) of the feed \(feed); nothing of "
                + "it was applied; to find out why: `countersign verify`"
        case .tooLarge(let bytes):
            "something on the way to the hub takes no request of \(bytes) bytes; your verdicts are "
                + "saved on this machine; from another network: `countersign sync`"
        case .unread(let reason):
            "the hub sent something that this version cannot read (\(reason)); nothing of it was "
                + "applied and your verdicts are saved; to find out why: `countersign verify`"
        }
    }
}

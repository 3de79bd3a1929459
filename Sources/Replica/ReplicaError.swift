/// Why a replica cannot be used: what happened, what is safe, what to type next.
package enum ReplicaError: Error, Equatable {
    case notEnrolled
    case notOurs(path: String)
    case tooNew(path: String)
    case damaged(String)
}

extension ReplicaError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notEnrolled:
            "this machine is not enrolled with a hub yet; nothing was changed; with a token from "
                + "your administrator: `countersign enrol URL --token-file FILE`"
        case .notOurs(let path):
            "\(path) is not a replica of ours; it was left untouched; name another folder with --home"
        case .tooNew(let path):
            "\(path) was written by a newer version; it was left untouched; "
                + "install that version of countersign"
        case .damaged(let what):
            "the replica holds something unreadable in \(what); nothing was changed; "
                + "to find out what: `countersign verify`"
        }
    }
}

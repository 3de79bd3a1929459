/// Why there is no replica to use: what happened, what is safe, what to type next.
package enum ReplicaError: Error, Equatable {
    case notEnrolled
}

extension ReplicaError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notEnrolled:
            "this machine is not enrolled with a hub yet; nothing was changed; with a token from "
                + "your administrator: `countersign enrol URL --token-file FILE`"
        }
    }
}

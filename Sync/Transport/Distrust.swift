/// Why a certificate does not prove that its holder is the hub.
package enum Distrust: Error, Equatable {
    /// Good, but for another host.
    case wrongHost
    case expired
    case notYetValid
    /// Signed by nobody whom this machine has reason to believe.
    case unknownAuthority
    /// Signed by another than the one authority that was pinned at enrolment.
    case otherAuthority
    case invalid

    /// From OpenSSL's verdict on the chain.
    ///
    /// libcurl looks at the host itself, and before it keeps a verdict: none, 0 or 1, means the host.
    init(_ verdict: Int, _ trust: Trust) {
        switch verdict {
        case 0, 1, 62, 64: self = .wrongHost
        case 9: self = .notYetValid
        case 10: self = .expired
        case 2, 7, 18, 19, 20, 21, 27: self = trust == .system ? .unknownAuthority : .otherAuthority
        default: self = .invalid
        }
    }

    /// What to type next.
    var hint: String {
        switch self {
        case .wrongHost: "with the host it is for: `countersign enrol URL --token-file FILE`"
        case .expired: "ask your administrator to renew it, then: `countersign sync`"
        case .notYetValid: "set this machine's clock, then: `countersign sync`"
        case .unknownAuthority, .otherAuthority, .invalid:
            "with a new token from your administrator: `countersign enrol URL --token-file FILE`"
        }
    }
}

extension Distrust: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongHost: "its certificate is for another host"
        case .expired: "its certificate has expired"
        case .notYetValid: "its certificate is not valid yet"
        case .unknownAuthority: "no authority that this machine trusts vouches for it"
        case .otherAuthority: "another authority vouches for it than the one pinned at enrolment"
        case .invalid: "its certificate is not valid"
        }
    }
}

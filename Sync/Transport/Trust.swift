import Foundation

/// Whom a client believes to be the hub.
package enum Trust: Sendable, Equatable {
    /// Whoever the authorities of this system vouch for.
    case system
    /// Whoever this one authority vouches for, and nobody else; its certificate as DER.
    case authority([UInt8])
    /// Anybody: only to fetch what is then checked by its hash.
    ///
    /// Nothing may be sent to who knows whom: a request with a body or a header of ours traps.
    case anybody
}

extension Trust {
    /// A certificate as libcurl takes it.
    static func pem(_ certificate: [UInt8]) -> [UInt8] {
        let lines = Data(certificate).base64EncodedString(
            options: [.lineLength64Characters, .endLineWithLineFeed]
        )
        let text = "-----BEGIN CERTIFICATE-----\n\(lines)\n-----END CERTIFICATE-----\n"
        return Array(text.utf8)
    }
}

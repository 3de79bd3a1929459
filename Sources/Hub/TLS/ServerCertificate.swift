import Review
import SwiftASN1
import X509

/// The certificate of the hub's own authority that it serves with, and its key.
enum ServerCertificate {
    static let fileName = "server.pem"

    /// Makes what is missing of authority and certificate, for at least `names`, and returns the
    /// certificate's PEM.
    ///
    /// Names are only ever added: what nodes wrote at enrolment goes on being right.
    static func make(in folder: HubFolder, hub: String, names: [HostName]) throws -> [UInt8] {
        try folder.locked {
            let authority = try Authority.make(in: folder, hub: hub)
            let present = folder.read(fileName)
            let held = present.flatMap { try? Self.names(in: $0) } ?? []
            let missing = (HostName.ofThisMachine + names).filter { !held.contains($0) }
            if let present, missing.isEmpty { return present }
            var all: [HostName] = []
            for name in held + missing where !all.contains(name) { all.append(name) }
            let made = try authority.issue(for: all)
            try folder.write(made, to: fileName)
            return made
        }
    }

    static func names(in pem: [UInt8]) throws -> [HostName] {
        let parts = try PEMDocument.parseMultiple(pemString: String(decoding: pem, as: UTF8.self))
        guard parts.count == 2 else { return [] }
        return try HostName.all(in: Certificate(pemDocument: parts[1]))
    }
}

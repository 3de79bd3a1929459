import Glibc
import Review
import SwiftASN1
import X509

/// A name under which a hub is reached, as a certificate holds it: a DNS name or an address.
package struct HostName: Sendable, Hashable {
    package let text: String
    private let address: [UInt8]?

    /// Reads a name; what could be in no certificate is refused, and why is said.
    package init(_ text: String) throws {
        let text = text.lowercased()
        address = Self.address(text)
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isName =
            text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy { byte in
                        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
                            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    }
            }
        guard address != nil || isName else {
            throw HubFailure(
                "badHost",
                "\(text) is no host name or address; nothing was changed",
                hint: "name a host as nodes write it, such as hub.example.org or 192.168.1.5",
                kind: .badInput
            )
        }
        self.text = text
    }

    /// This machine, by every name that is known without asking a network.
    static var ofThisMachine: [HostName] {
        ["localhost", "127.0.0.1", "::1", own].compactMap { try? HostName($0) }
    }

    /// What this machine calls itself.
    static var own: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(
            decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
    }

    private static func address(_ text: String) -> [UInt8]? {
        for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: size)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}

// MARK: - In a certificate

extension HostName {
    var generalName: GeneralName {
        address.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) } ?? .dnsName(text)
    }

    /// The names that a certificate is for.
    static func all(in certificate: Certificate) throws -> [HostName] {
        try certificate.extensions.subjectAlternativeNames?.compactMap { name in
            switch name {
            case .dnsName(let text): try? HostName(text)
            case .ipAddress(let address): HostName(address: Array(address.bytes))
            default: nil
            }
        } ?? []
    }

    private init?(address: [UInt8]) {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = address.count == 4 ? AF_INET : AF_INET6
        guard [4, 16].contains(address.count),
            inet_ntop(family, address, &text, socklen_t(text.count)) != nil
        else { return nil }
        self.text = String(
            decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
        self.address = address
    }
}

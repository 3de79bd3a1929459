package import Review

/// The records that are signed as JSON, all but the last by the hub: the signature stands in `sig` and covers the rest.
package enum SignedRecord {
    package enum Domain: String, Sendable {
        case hub = "countersign hub v1"
        case page = "countersign page v1"
        case receipt = "countersign receipt v1"
        case enrolment = "countersign enrolment v1"
    }

    /// The record with its `sig` member added.
    package static func sign(_ json: JSON, as domain: Domain, by sign: Signing) -> JSON {
        guard case .object(var members) = json else { return json }
        members["sig"] = .string(Base64URL.encode(sign(message(json, domain))))
        return .object(members)
    }

    /// Whether `sig` was made over the rest by one of the keys.
    package static func holds(
        _ json: JSON,
        as domain: Domain,
        keys: [[UInt8]],
        _ cryptography: Cryptography
    ) -> Bool {
        guard case .object(var members) = json,
            let signature = members.removeValue(forKey: "sig")?.string.flatMap(Base64URL.decode)
        else { return false }
        let message = message(.object(members), domain)
        return keys.contains { cryptography.verify(signature, message, $0) }
    }

    private static func message(_ json: JSON, _ domain: Domain) -> [UInt8] {
        var framing = Framing(domain.rawValue)
        framing.append(json.canonicalBytes)
        return framing.bytes
    }
}

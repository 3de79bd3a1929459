package import Review

/// How a request to enrol that is carried by hand shows that its writer holds a token, without
/// giving the token away.
package enum EnrolmentProof {
    /// By what the hub finds the token that a request was made with.
    package static func name(ofSecretHash hash: Digest, _ hashing: Hashing) -> Digest {
        var framing = Framing("countersign token v1")
        framing.append(hash)
        return hashing(framing.bytes)
    }

    /// What the proof is made over: the request without it, and without the device's signature.
    package static func message(_ request: JSON) -> [UInt8] {
        var framing = Framing("countersign enrolment proof v1")
        var members = request.object ?? [:]
        members["proof"] = nil
        members["sig"] = nil
        framing.append(JSON.object(members).canonicalBytes)
        return framing.bytes
    }
}

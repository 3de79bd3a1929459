import HubStore
import Review
import Sealing
import Sync

// Enrolment by file: a request comes in one, and its answer goes back as the first bundle.

extension HubOffice {
    /// Lets in a device whose request came in a file; the same again gives the same answer.
    func importEnrolment(_ file: [UInt8]) throws -> ImportedBundle {
        let device = try enrol(carried: Self.parse(file))
        return ImportedBundle(
            device: device.id,
            shown: Shown(
                [
                    "device": .string(device.id), "reviewer": .string(device.reviewer),
                    "enrolled": true,
                ],
                ["enrolled \(device.name) for \(device.reviewer), device \(device.id)"]
            )
        )
    }

    /// Enrols a device that shows its token by a proof, and nothing where a byte was changed.
    private func enrol(carried json: JSON) throws -> Device {
        let key = json["key"]?.string.flatMap(Base64URL.decode) ?? []
        guard SignedRecord.holds(json, as: .enrolment, keys: [key], .crypto),
            let name = json["token"]?.string.flatMap({ Review.Digest($0) }),
            let agreement = json["agreement"]?.string.flatMap(Base64URL.decode),
            agreement.count == 32
        else { throw EnrolmentRequest.malformed("it is not as its writer left it") }
        let credential = try store.credentials(for: .enrolment).first {
            EnrolmentProof.name(ofSecretHash: $0.hash, sha256) == name
        }
        guard let credential, EnrolmentProof.holds(json, secretHash: credential.hash) else {
            throw HubFailure(.tokenUsed)
        }
        let request = try EnrolmentRequest(json: json, secretHash: credential.hash)
        let (device, _) = try enrol(request)
        var contact = try store.device(device.id)?.contact ?? Contact()
        // A device that was heard of since tells itself, and this may be an old file.
        guard !contact.wasHeard else { return device }
        contact.agreement = agreement
        try decide { $0.remember(contact, of: device.id) }
        return device
    }

    /// What a device needs to begin, for one that was not heard of since it was let in.
    func beginning(of device: Device) throws -> JSON? {
        guard !device.contact.wasHeard else { return nil }
        var members = try answer(device, certificate(of: device)).object ?? [:]
        members["authority"] = try authority.map {
            .string(Base64URL.encode($0.certificateBytes))
        }
        return .object(members)
    }
}

import HubStore
package import Review
import Sync

extension HubOffice {
    /// Enrols a device for the reviewer whose token it shows, once; again gives the same answer.
    package func enrol(_ json: JSON) throws -> JSON {
        let (device, certificate) = try enrol(EnrolmentRequest(json: json))
        return try answer(device, certificate)
    }

    /// The device and its certificate, for a request whose token is good.
    func enrol(_ request: EnrolmentRequest) throws -> (Device, Document) {
        guard let credential = try store.credential(request.secret),
            credential.purpose == .enrolment,
            credential.usedBy != nil || credential.expires.map({ now() < $0 }) ?? true
        else { throw HubFailure(.tokenUsed) }
        if let known = try store.device(request.device), known.reviewer != credential.name {
            throw HubFailure(.tokenUsed)
        }
        guard try store.use(credential.hash, by: request.device) else {
            throw HubFailure(.tokenUsed)
        }
        var wanted = Wanted()
        wanted.logs = [request.first.entry.log]
        wanted.uids = [request.first.entry.uid]
        let device = Device(
            id: request.device,
            reviewer: credential.name,
            name: request.name,
            key: request.key
        )
        let certificate =
            try decide(wanted) { $0.enrol(device, first: request.first) }
            ?? certificate(of: device)
        try returnHistory(to: device)
        return (device, certificate)
    }

    /// What the reviewer said on other devices, in the feed that this one reads from its beginning.
    private func returnHistory(to device: Device) throws {
        let others = try store.read(Wanted()).devices.values.filter {
            $0.reviewer == device.reviewer && $0.id != device.id
        }
        let keys = try others.flatMap { try store.caseKeys(writtenBy: $0.id) }
        try decide(inChunks: Set(keys).sorted()) { $0.look(at: $1) }
    }

    func answer(_ device: Device, _ certificate: Document) throws -> JSON {
        let chain = try chain
        return [
            "hub": .string(store.hubID), "epoch": .string(try store.hub().epoch),
            "root": .string(Base64URL.encode(keys.root)),
            "workingKey": chain.map { .string(Base64URL.encode($0.key)) } ?? .null,
            "certification": chain.map { .string(Base64URL.encode($0.certification)) } ?? .null,
            "certificate": .string(String(decoding: certificate.entry.line, as: UTF8.self)),
            "certificateSignature": .string(Base64URL.encode(certificate.entry.signature)),
            "certificatePayload": .string(Base64URL.encode(certificate.payload ?? [])),
            "reviewer": .string(device.reviewer), "device": .string(device.id),
            "time": now().json,
        ]
    }

    func certificate(of device: Device) throws -> Document {
        let found = try lastContent(of: .certificate) { $0["device"] == .string(device.id) }
        guard let found else {
            throw HubFailure(
                "certificateMissing",
                "the certificate of \(device.id) is missing; nothing was changed",
                hint: "to find out why: `countersign-hub verify`",
                kind: .failed
            )
        }
        return found
    }

    /// The last entry of a kind whose content is the one looked for.
    func lastContent(
        of kind: Entry.Kind,
        where matches: (JSON) -> Bool
    ) throws -> Document? {
        try store.entries(after: 0, kinds: [kind], caseKey: nil, limit: .max).last { entry in
            (try? entry.document.content()).map(matches) ?? false
        }?.document
    }
}

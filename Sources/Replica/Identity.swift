package import Review
package import Sync

/// Who this replica belongs to, and which hub it follows: fixed at enrolment.
package struct Identity: Sendable, Equatable {
    package let reviewer: String
    package let device: String
    package let deviceName: String
    /// This device's raw Ed25519 public key.
    package let key: [UInt8]
    package let hub: String
    package let url: String
    /// The hub's root public key, pinned.
    package let root: [UInt8]
    /// The certificate (DER) of the hub's own TLS authority, pinned; nil where the system's do.
    package let authority: [UInt8]?

    package init(
        reviewer: String,
        device: String,
        deviceName: String,
        key: [UInt8],
        hub: String,
        url: String,
        root: [UInt8],
        authority: [UInt8]? = nil
    ) {
        self.reviewer = reviewer
        self.device = device
        self.deviceName = deviceName
        self.key = key
        self.hub = hub
        self.url = url
        self.root = root
        self.authority = authority
    }

    var json: JSON {
        .present([
            "reviewer": .string(reviewer), "device": .string(device),
            "deviceName": .string(deviceName),
            "key": .string(Base64URL.encode(key)), "hub": .string(hub), "url": .string(url),
            "root": .string(Base64URL.encode(root)),
            "authority": authority.map { .string(Base64URL.encode($0)) },
        ])
    }

    init?(json: JSON) {
        guard let reviewer = json["reviewer"]?.string, let device = json["device"]?.string,
            let deviceName = json["deviceName"]?.string,
            let key = json["key"]?.string.flatMap(Base64URL.decode), let hub = json["hub"]?.string,
            let url = json["url"]?.string,
            let root = json["root"]?.string.flatMap(Base64URL.decode)
        else { return nil }
        let authority = json["authority"]?.string.flatMap(Base64URL.decode)
        // A pin that cannot be read must not become no pin.
        if json["authority"] != nil && authority == nil { return nil }
        self.init(
            reviewer: reviewer,
            device: device,
            deviceName: deviceName,
            key: key,
            hub: hub,
            url: url,
            root: root,
            authority: authority
        )
    }
}

/// What the last syncs told, for `status`.
package struct SyncNotes: Sendable, Equatable {
    package var hubEpoch = ""
    /// The hub's epoch changed, and what it may have lost was not all handed in yet.
    package var mayHold = false
    package var lastSyncAt: Timestamp?
    /// Hub time of the last sync that left nothing to move.
    package var caughtUpAsOf: Timestamp?
    /// Whether the last sync left nothing to move.
    package var caughtUp = false
    /// This machine's clock minus the hub's.
    package var clockOffsetMilliseconds: Int64?
    /// Why the hub trusts this device no longer, nil while it does.
    package var revoked: String?
    /// Receipts for what the hub did not seem to hold when it last wrote, to be shown to it.
    package var unfulfilled: [JSON] = []
    /// Up to where the hub's backups hold everything, as it told last.
    package var watermark: Watermark?
    /// How far the search for what may be purged has come.
    package var purge: PurgeProgress?
    /// The cases whose content was dropped here since the beginning, and the bytes that freed,
    /// attachments too.
    package var freedCases = 0
    package var freedBytes = 0

    package init() {}

    /// Notes that the hub is in an epoch; a new one may lack what is here.
    mutating func meet(_ hub: HubName) {
        mayHold = mayHold || hubEpoch != hub.epoch && !hubEpoch.isEmpty
        hubEpoch = hub.epoch
    }

    var json: JSON {
        .present([
            "hubEpoch": .string(hubEpoch), "mayHold": .bool(mayHold),
            "lastSyncAt": lastSyncAt?.json,
            "caughtUpAsOf": caughtUpAsOf?.json, "caughtUp": .bool(caughtUp),
            "clockOffset": clockOffsetMilliseconds.map { .integer($0) },
            "revoked": revoked.map(JSON.string),
            "unfulfilled": unfulfilled.isEmpty ? nil : .array(unfulfilled),
            "watermark": watermark?.json, "purge": purge?.json,
            "freedCases": freedCases > 0 ? .integer(freedCases) : nil,
            "freedBytes": freedBytes > 0 ? .integer(freedBytes) : nil,
        ])
    }

    init(json: JSON) {
        hubEpoch = json["hubEpoch"]?.string ?? ""
        mayHold = json["mayHold"]?.bool ?? false
        lastSyncAt = json["lastSyncAt"]?.integer.map(Timestamp.init)
        caughtUpAsOf = json["caughtUpAsOf"]?.integer.map(Timestamp.init)
        caughtUp = json["caughtUp"]?.bool ?? false
        clockOffsetMilliseconds = json["clockOffset"]?.integer
        revoked = json["revoked"]?.string
        unfulfilled = json["unfulfilled"]?.array ?? []
        watermark = json["watermark"].flatMap { Watermark(json: $0) }
        purge = json["purge"].flatMap { PurgeProgress(json: $0) }
        freedCases = json["freedCases"]?.integer.map { Int(clamping: $0) } ?? 0
        freedBytes = json["freedBytes"]?.integer.map { Int(clamping: $0) } ?? 0
    }
}

package import Review

/// What a hub knows of its own past: who still has to say what the hub lost, and what is safe.
package struct HubState: Sendable, Equatable {
    /// The devices that have not handed in what they hold since the hub went back in time, sorted.
    ///
    /// While there are any, the hub takes verdicts but seals and promotes nothing.
    package var awaited: [String] = []
    /// Everything up to this place in the hub's order survives the loss of the hub's disk.
    package var watermark: Int64 = 0
    /// What the file beside the database must say too: another file means another past.
    package var nonce = ""
    /// How far it has come, where it was made anew from its root key; nil where it never was.
    package var rebuild: Rebuild?

    /// What a hub that lost everything has heard of its own past.
    package enum Rebuild: String, Sendable {
        /// No device has handed in all that it held: nobody knows yet who else there is.
        case nobodyHeard
        case heard
    }

    package init() {}

    package var isRecovering: Bool { !awaited.isEmpty || rebuild == .nobodyHeard }

    package var json: JSON {
        .present([
            "awaited": .strings(awaited), "watermark": .integer(watermark),
            "nonce": .string(nonce), "rebuild": rebuild.map { .string($0.rawValue) },
        ])
    }

    package init(json: JSON) {
        awaited = json["awaited"]?.array?.compactMap(\.string) ?? []
        watermark = json["watermark"]?.integer ?? 0
        nonce = json["nonce"]?.string ?? ""
        rebuild = json["rebuild"]?.string.flatMap(Rebuild.init)
    }
}

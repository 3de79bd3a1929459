import HubStore
import Review
import Storage
import Sync

/// What a hub that lost something has back, what it waits for, and what is missing: by count, and by
/// name where that is known.
struct RecoveryReport {
    let hub: HubName
    let state: HubState
    let entries: Int64
    let cases: Int
    /// Of its own entries of before, and of those that devices wrote, how many stand before one that
    /// is back and are not.
    let missing: (ofHub: Int, ofDevices: Int)
    let attachments: Int
    /// Those that are known by a certificate alone: what they may do was told to nobody.
    let reviewers: [String]
    /// The devices that are awaited, each with its reviewer.
    let awaited: [String]

    var json: JSON {
        [
            "hub": .string(hub.id), "epoch": .string(hub.epoch),
            "recovering": .bool(state.isRecovering), "awaited": .strings(state.awaited),
            "entries": .integer(entries), "cases": .integer(cases),
            "missing": [
                "hubEntries": .integer(missing.ofHub), "deviceEntries": .integer(missing.ofDevices),
                "attachments": .integer(attachments),
            ],
            "reviewers": .strings(reviewers),
        ]
    }

    var lines: [String] {
        [waiting, "\(entries) entries and \(cases) cases are here"]
            + count(missing.ofHub, "of the hub's own entries, which were sent to none who synced")
            + count(
                missing.ofDevices,
                "entries of devices, which stand before others that are here"
            )
            + count(attachments, "attachments; bring the files again, with `intake` or PUT")
            + (reviewers.isEmpty
                ? []
                : [
                    "what they may do is to be said again (`countersign-hub reviewer add NAME`): "
                        + reviewers.joined(separator: ", ")
                ])
    }

    private var waiting: String {
        if state.rebuild == .nobodyHeard, awaited.isEmpty {
            return "no device has been heard of yet; until one is, nothing is sealed"
        }
        return state.isRecovering
            ? "nothing is sealed until these have synced: \(awaited.joined(separator: ", "))"
            : "nobody is awaited"
    }

    private func count(_ number: Int, _ what: String) -> [String] {
        number > 0 ? ["missing: \(number) \(what)"] : []
    }
}

extension HubOffice {
    /// What a hub that lost something has back, and what it waits for.
    package func showRecovery() throws -> Shown {
        let recovery = try recovery
        return Shown(recovery.json, recovery.lines)
    }

    var recovery: RecoveryReport {
        get throws {
            let held = try store.read(Wanted())
            let gaps = try store.gaps()
            func missing(_ isCounted: (LogName) -> Bool) -> Int {
                gaps.filter { isCounted($0.key) }.values.reduce(0, +)
            }
            return RecoveryReport(
                hub: held.hub,
                state: held.state,
                entries: held.hubSeq,
                cases: try store.cases(.all).count,
                missing: (
                    missing { $0.device == store.hubID }, missing { $0.device != store.hubID }
                ),
                attachments: Set(try store.attachments()).subtracting(blobs.all()).count,
                reviewers: held.roster.reviewers.filter { $0.workflows == [] }.map(\.name),
                awaited: held.state.awaited.map { id in
                    "\(held.devices[id]?.reviewer ?? "?") (\(id))"
                }
            )
        }
    }
}

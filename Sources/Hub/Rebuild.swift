import Escalation
import Foundation
package import HubStore
package import Review
import Sealing
package import Sync

// A hub whose folder is gone, made anew from its root key (`Sync/HubDraft+Rebuild.swift`).

extension HubOffice {
    /// Makes a hub that lost everything, in a folder that has none, and takes in what nodes sent by
    /// file.
    ///
    /// Killed at any moment, the same again goes on. `names` are those that nodes reach it by.
    package static func rebuild(
        in folder: HubFolder,
        rootKey bytes: [UInt8],
        names: [HostName],
        bundles: [[UInt8]],
        opener: StoreOpener? = nil,
        now: @escaping @Sendable () -> Timestamp = systemTime,
        random: @escaping Randomness = systemRandomness
    ) throws -> Shown {
        let root = try RootKey(bytes)
        let hub = KeyName.hub(root.publicKey, hash: sha256)
        for bundle in bundles { try check(bundle, isFor: hub) }
        try folder.make()
        try folder.locked {
            if folder.records != nil { return try checkGoesOn(in: folder, opener, as: hub) }
            if let key = folder.read("root.key"), key != bytes { throw exists(in: folder) }
            try folder.write(bytes, to: "root.key")
            let chain = try HubKeys.make(in: folder)
            let generation = HubDraft.generationAfterLoss
            try makeRecords(
                in: folder,
                opener,
                generation: generation,
                now: now(),
                random: random
            ) {
                $0.rebuild(chain)
            }
        }
        let office = try HubOffice(in: folder, opener: opener, now: now, random: random)
        try office.prepareTLS(names: names)
        let taken = try bundles.map { try office.importBundle($0).shown.lines }
        return try office.rebuilt(taken.flatMap { $0 })
    }

    /// Refuses a bundle that another hub's node made, before anything is written.
    private static func check(_ bundle: [UInt8], isFor hub: String) throws {
        let parties = try read(bundle).header.parties
        guard parties.kind == .up, parties.hub == hub else {
            throw HubFailure(
                "otherHub",
                "a bundle is for the hub \(parties.hub), and this root key is that of \(hub); nothing "
                    + "was made",
                hint: "name the root key of that hub, or leave the bundle out",
                kind: .notAllowed
            )
        }
    }

    /// A hub that is there already must be the one that is being rebuilt.
    private static func checkGoesOn(
        in folder: HubFolder,
        _ opener: StoreOpener?,
        as hub: String
    ) throws {
        let store = try openRecords(of: folder, opener)
        guard store.hubID == hub, try store.read(Wanted()).state.rebuild != nil else {
            throw exists(in: folder)
        }
    }

    private static func exists(in folder: HubFolder) -> HubFailure {
        HubFailure(
            "exists",
            "there is a hub in \(folder.path) already; nothing was changed",
            hint: "name a folder that has none with --data",
            kind: .badInput
        )
    }

    private func rebuilt(_ taken: [String]) throws -> Shown {
        let recovery = try recovery
        let advice = [
            "what nobody can bring back is to be said again: callers' keys (`countersign-hub caller "
                + "add NAME`), and what each reviewer may do (`countersign-hub reviewer add NAME`)",
            "events and outcomes are numbered from the beginning again",
            "serve it where nodes reached it before, and let them sync or send bundles; nobody has to "
                + "enrol again",
            "what is back and what is missing: `countersign-hub recover show`",
            "take \(folder.file("root.key")) away once bundles from before the loss are in, and keep it",
        ]
        return Shown(
            recovery.json,
            ["rebuilt the hub \(store.hubID) as epoch \(try store.hub().epoch)"] + taken
                + recovery.lines + advice
        )
    }
}

// MARK: - Policies

extension HubOffice {
    /// Puts the policies in force that were in force before, of those that came back.
    ///
    /// What was activated last holds, also where that was after the loss; the phase is that of the
    /// first of a workflow.
    func resumePolicies() throws {
        let entries = try store.entries(after: 0, kinds: [.policy], caseKey: nil, limit: .max)
            .map(\.document).filter { $0.entry.log.device == store.hubID }
            .sorted {
                ($0.entry.log.generation, $0.entry.seq) < ($1.entry.log.generation, $1.entry.seq)
            }
        let contents = try entries.map { try $0.content() }
        for (name, contents) in Dictionary(grouping: contents, by: { $0["workflow"]?.string ?? "" })
            .sorted(by: { $0.key < $1.key })
        {
            guard let hash = contents.last?["policy"]?.string.flatMap({ Review.Digest($0) }),
                let yaml = contents.first?["yaml"]?.string
            else { continue }
            let phase = PolicyYAML.policy(Array(yaml.utf8)).policy?.phase ?? 1
            try decide { $0.resume(workflow: name, policy: hash, phase: phase) }
        }
    }

    /// Goes on above the generation that a device was told of last.
    func outgrow(_ request: HubRequest, from device: Device) throws {
        let held = try store.read(Wanted())
        guard held.state.rebuild != nil, request.generationShown(beside: held.hub) != nil else {
            return
        }
        try decide(.everyFeed) { $0.outgrow(request, from: device) }
    }
}

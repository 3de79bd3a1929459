import Review
import Simulator
import Sync
import TestSupport
import Testing

@Suite("A hub made anew from its root key")
struct RebuildTests {
    /// A hub that lost what Anna and Ben answered, and what their machines hold of it.
    private struct Loss {
        var hub = MemoryHub.rebuilt(now: Sample.noon, random: seededRandomness(9))
        let before: MemoryHub
        let nodes: [String: MemoryNode]

        init(dispute: Bool = false) throws {
            var fixture = try HubFixture(
                reviewers: ["anna", "ben"] + (dispute ? ["sara"] : []),
                seniors: ["sara"],
                opinions: 2,
                cases: dispute ? ["T-1"] : ["T-1", "T-2"]
            )
            _ = try fixture.decide("anna", .label("deny"), on: "T-1")
            _ = try fixture.decide("ben", .label(dispute ? "approve" : "deny"), on: "T-1")
            if !dispute { _ = try fixture.decide("anna", .label("deny"), on: "T-2") }
            for name in ["anna", "ben", "anna", "ben", "sara"] { fixture.sync(name) }
            before = fixture.hub
            nodes = fixture.nodes
        }

        func device(_ name: String) throws -> Device { try #require(nodes[name]?.device) }

        func held(by name: String) throws -> [Document] {
            let node = try #require(nodes[name])
            let places = Dictionary(
                uniqueKeysWithValues: before.entries.map { ($0.document.entry.uid, $0.hubSeq) }
            )
            return node.came.values.sorted {
                places[$0.entry.uid] ?? 0 < places[$1.entry.uid] ?? 0
            }
        }

        mutating func handIn(_ documents: [Document], from name: String) throws {
            let device = try device(name)
            let certified = Introduction.devices(
                in: documents,
                of: hub.name.id,
                signedBy: [hub.key.bytes],
                .cheap
            )
            let entries = documents.map { document in
                let author = document.entry.log.device
                let keys =
                    author == hub.name.id
                    ? [hub.key.bytes] : [certified[author]?.key].compactMap { $0 }
                return Recovered(document, keys: keys, .cheap)
            }
            var wanted = Wanted(recovering: entries)
            wanted.feedRows = true
            hub.ingest(wanted, now: Sample.noon, random: seededRandomness(10)) { draft in
                _ = draft.recover(entries, from: device)
            }
        }
    }

    private func request(at epoch: String, of device: Device) throws -> HubRequest {
        let head = FeedHead(seq: 1, prefix: Sample.digest(1))
        let cursors = [FeedName.hub, FeedName.reviewer(device.reviewer)].map {
            Cursor(hubEpoch: epoch, feed: $0, head: head)
        }
        let hello = Hello(log: LogName(device: device.id, epoch: "1.00000000000000aa"))
        let records: [Record] =
            [.word(.hello, hello.json)] + cursors.map { .word(.cursor, $0.json) }
            + [.word(.end, [:])]
        return try HubRequest(body: Record.body(records), hash: cheapHash)
    }

    @Test func `seals nothing before it has heard of anybody`() throws {
        let loss = try Loss()
        #expect(loss.hub.state.isRecovering && loss.hub.state.awaited.isEmpty)
        #expect(loss.hub.name.log.generation == 2)
    }

    @Test func `learns from one device who else there is, and awaits them all`() throws {
        var loss = try Loss()
        try loss.handIn(loss.held(by: "anna"), from: "anna")
        let ids = try [loss.device("anna").id, loss.device("ben").id].sorted()
        #expect(loss.hub.state.awaited == ids)

        let anna = try loss.device("anna")
        let level = try request(at: loss.hub.name.epoch, of: anna)
        loss.hub.ingest(Wanted(), now: Sample.noon, random: seededRandomness(11)) {
            $0.noteCaughtUp(anna, level)
        }
        #expect(loss.hub.state.awaited == [try loss.device("ben").id])
        #expect(loss.hub.state.rebuild == .heard)
    }

    @Test func `an outcome is byte for byte what it was, once its inputs are back`() throws {
        var loss = try Loss()
        let key = try #require(loss.before.rows.values.first { $0.name.id == "T-1" }?.key)
        let outcome = try #require(loss.before.dossier(key).outcome)
        #expect(outcome.state == .decided)
        let anna = try #require(loss.nodes["anna"])
        try loss.handIn(loss.held(by: "anna"), from: "anna")
        let pushed = anna.own.map { Pushed($0, of: anna.device, .cheap) }
        loss.hub.ingest(
            Wanted(pushing: anna.own.map(\.entry)),
            now: Sample.noon,
            random: seededRandomness(12)
        ) { _ = $0.push(pushed, from: anna.device) }
        #expect(loss.hub.dossier(key).outcome?.bytes == outcome.bytes)
        #expect(loss.hub.rows[key]?.state == .decided)
    }

    @Test func `goes on above whatever generation an awaited device was told of`() throws {
        var loss = try Loss()
        func show(_ epoch: String, by name: String) throws {
            let device = try loss.device(name)
            let request = try request(at: epoch, of: device)
            loss.hub.ingest(.everyFeed, now: Sample.noon, random: seededRandomness(13)) {
                $0.outgrow(request, from: device)
            }
        }
        try show("1.00000000000000bb", by: "anna")
        #expect(loss.hub.name.log.generation == 2, "it is above that already")
        try show("4.00000000000000bb", by: "anna")
        #expect(loss.hub.name.log.generation == 5)
        try show("9223372036854775807.0", by: "anna")
        #expect(loss.hub.name.log.generation == 5, "no hub was ever there")
        try loss.handIn(loss.held(by: "anna"), from: "anna")
        loss.hub.ingest(Wanted(), now: Sample.noon, random: seededRandomness(14)) {
            $0.endRecovery(by: "olga", because: "ben left")
        }
        try show("8.00000000000000bb", by: "ben")
        #expect(
            loss.hub.name.log.generation == 5,
            "nobody is believed any more without a signature"
        )
    }

    @Test func `whoever was to decide a dispute, and has not, is asked to once more`() throws {
        var loss = try Loss(dispute: true)
        let key = try #require(loss.before.rows.keys.first)
        #expect(loss.before.dossier(key).assignments.last?.value.reviewer == "sara")
        for name in ["sara", "anna", "ben"] {
            try loss.handIn(loss.held(by: name), from: name)
            let node = try #require(loss.nodes[name])
            let pushed = node.own.map { Pushed($0, of: node.device, .cheap) }
            loss.hub.ingest(
                Wanted(pushing: node.own.map(\.entry)),
                now: Sample.noon,
                random: seededRandomness(17)
            ) { _ = $0.push(pushed, from: node.device) }
        }
        let sara = Reviewer(name: "sara", workflows: nil, role: .senior)
        loss.hub.ingest(Wanted(keys: [key]), now: Sample.noon, random: seededRandomness(18)) {
            try? $0.enlist(sara)
            $0.look(at: [key])
        }
        let dossier = loss.hub.dossier(key)
        #expect(dossier.outcome?.state == .disputed)
        let asked = dossier.assignments.filter { $0.value.reviewer == "sara" }.map(\.uid)
        #expect(asked.count == 2 && dossier.adjudicators.isSubset(of: asked))
        #expect(dossier.adjudicators.count == 1 && dossier.need == nil)
    }

    @Test func `a later revision stays the current one in whichever order they come back`() throws {
        var fixture = try HubFixture(cases: ["T-1"])
        let routed = Sample.routed(Sample.routing(opinions: 1, blind: false))
        let changed = Sample.refund("T-1", version: 2)
        fixture.change(Wanted(names: [changed.name])) { draft in
            _ = try? draft.intake(changed) { _, _, _ in routed }
        }
        let key = try fixture.key(of: "T-1")
        let records = fixture.hub.entries.map(\.document).filter { $0.entry.kind == .case }
        #expect(records.count == 2)
        let revision = changed.revision(cheapHash)
        for order in [records, records.reversed()] {
            var hub = MemoryHub.rebuilt(now: Sample.noon, random: seededRandomness(15))
            let entries = order.map { Recovered($0, keys: [hub.key.bytes], .cheap) }
            let device = try #require(fixture.nodes["anna"]?.device)
            var wanted = Wanted(recovering: entries)
            wanted.feedRows = true
            hub.ingest(wanted, now: Sample.noon, random: seededRandomness(16)) { draft in
                _ = draft.recover(entries, from: device)
            }
            #expect(hub.dossier(key).current?.value.revision == revision)
            #expect(hub.rows[key]?.revision == revision)
        }
    }
}

import Hub
import HubStore
import Review
import Sync
import Testing

@Suite("Policies at the hub")
struct PolicyTests {
    @Test func `problems are told with file, line and column, all at once`() throws {
        let text = """
            workflow: refunds
            labels: [approve, deny]
            phase: 3
            rules:
              - name: over
                when: attributes.amount >
                review: before
            sample: {core: 3/20}
            """
        let check = HubOffice.check(policy: Array(text.utf8), from: "refunds.yaml")
        #expect(!check.isUsable)
        let lines = check.problems.flatMap(\.lines)
        #expect(lines.contains { $0.hasPrefix("refunds.yaml:3:") && $0.contains("warning: ") })
        #expect(lines.contains { $0.hasPrefix("refunds.yaml:6:") && $0.contains("error: ") })
        #expect(lines.contains { $0.hasPrefix("refunds.yaml:8:") && $0.contains("error: ") })
    }

    @Test func `one with errors is not put in force`() throws {
        let hub = try TemporaryHub(policies: [])
        let failure = try #require(throws: HubFailure.self) {
            try hub.office.activate(policy: Array("workflow: refunds".utf8), by: "cleo")
        }
        #expect(failure.code == "badPolicy" && failure.kind == .badInput)
        #expect(try hub.office.store.read(Wanted()).workflows.isEmpty)
    }

    @Test func `the phase is the file's at first and the hub's from then on`() throws {
        let hub = try TemporaryHub(policies: [])
        func activate(_ phase: Int, _ label: String) throws -> JSON {
            let yaml = "workflow: refunds\nlabels: [approve, \(label)]\nphase: \(phase)\n"
            let shown = try hub.office.activate(policy: Array(yaml.utf8), by: "cleo")
            return try JSON(parsing: shown.json)
        }
        let first = try activate(2, "deny")
        #expect(first["phase"] == 2 && first["policyEpoch"] == 1)
        let second = try activate(3, "reject")
        #expect(second["phase"] == 2 && second["policyEpoch"] == 2)
        let same = try activate(3, "reject")
        #expect(same["policyEpoch"] == 2)

        let shown = try JSON(parsing: hub.office.showPolicy(of: "refunds").json)
        #expect(shown["policy"] == second["policy"])
        #expect(shown["yaml"] == "workflow: refunds\nlabels: [approve, reject]\nphase: 3\n")
    }

    @Test func `its identity is the hash of its bytes`() throws {
        let hub = try TemporaryHub(policies: [])
        // SHA-256 by coreutils of the same bytes.
        let shown = try hub.office.activate(
            policy: Array("workflow: refunds\nlabels: [approve, deny]\n".utf8),
            by: "cleo"
        )
        #expect(
            try JSON(parsing: shown.json)["policy"]
                == "sha256:e20475fd185c7169729a7508a55b0a1d3503b366ec014c5773c38b1eb86cb601"
        )
    }

    @Test func `a mistyped workflow gets the nearest`() throws {
        let hub = try TemporaryHub()
        let failure = try #require(throws: HubFailure.self) {
            try hub.office.showPolicy(of: "refund")
        }
        #expect(failure.kind == .notFound && failure.hint == "did you mean refunds?")
    }
}

import Review
import TestSupport
import Testing

/// Rule 6 of `review.md`, where a senior decides.
@Suite("A senior between the sides")
struct OutcomeAdjudicationTests {
    /// Anna approves, Ben denies, Sara looks blind and denies, and sees both sides.
    private struct Dispute {
        var story = Story(opinions: 2)
        let anna: Digest
        let ben: Digest
        let first: Digest
        let release: Digest

        init() {
            anna = story.says("anna", "approve")
            ben = story.says("ben", "deny")
            first = story.says("sara", "deny")
            release = story.releases(to: "sara", as: .senior, showing: [anna, ben])
        }
    }

    @Test func `the first answer does not decide`() {
        let dispute = Dispute()
        #expect(dispute.story.amounts == "disputed for senior: anna1 ben1 sara1")
    }

    @Test func `the second does, where it names the first and what it considered`() {
        var dispute = Dispute()
        dispute.story.says(
            "sara",
            "approve",
            replacing: [dispute.first],
            considering: [dispute.anna, dispute.ben],
            knowing: [dispute.release]
        )
        #expect(
            dispute.story.amounts
                == "decided approve by senior: anna1 ben1 sara2; superseded: sara1"
        )
        #expect(dispute.story.statuses.contains("sara2 adjudication"))
    }

    @Test func `a senior may find that nobody could decide it`() {
        var dispute = Dispute()
        dispute.story.abstains(
            "sara",
            .unreviewable,
            replacing: [dispute.first],
            considering: [dispute.anna, dispute.ben],
            knowing: [dispute.release]
        )
        #expect(
            dispute.story.amounts == "unreviewable by senior: anna1 ben1 sara2; superseded: sara1"
        )
    }

    enum Lack: CaseIterable {
        case role, release, sides, first, ownFirst
    }

    @Test(arguments: Lack.allCases)
    func `without one of these it is an answer after the release like any other`(lack: Lack) {
        var story = Story(opinions: 2)
        let anna = story.says("anna", "approve")
        let ben = story.says("ben", "deny")
        let first = story.says("sara", "deny")
        let release = story.releases(
            to: lack == .release ? "anna" : "sara",
            as: lack == .role ? .reviewer : .senior,
            showing: [anna, ben]
        )
        story.says(
            "sara",
            "approve",
            replacing: lack == .first ? [] : lack == .ownFirst ? [anna] : [first],
            considering: lack == .sides ? [anna] : [anna, ben],
            knowing: [release]
        )
        #expect(
            story.amounts == "disputed for senior: anna1 ben1 sara1; afterRelease: sara2"
        )
    }

    @Test func `one that a party makes on the hub needs no first`() {
        var story = Story(opinions: 2)
        let anna = story.says("anna", "approve")
        let ben = story.says("ben", "deny")
        story.says("admin", "partial", considering: [anna, ben], viaHub: true)
        #expect(story.amounts == "decided partial by senior: anna1 ben1 admin1")
    }

    @Test func `but must be an opinion`() {
        var story = Story(opinions: 2)
        let anna = story.says("anna", "approve")
        let ben = story.says("ben", "deny")
        story.abstains("admin", .pass, considering: [anna, ben], viaHub: true)
        #expect(story.amounts == "disputed for senior: anna1 ben1; abstained: admin1")
    }

    @Test func `seniors who differ leave it disputed`() {
        var dispute = Dispute()
        let sides = [dispute.anna, dispute.ben]
        dispute.story.says(
            "sara",
            "deny",
            replacing: [dispute.first],
            considering: sides,
            knowing: [dispute.release]
        )
        dispute.story.says("admin", "approve", considering: sides, viaHub: true)
        #expect(
            dispute.story.amounts
                == "disputed for senior: anna1 ben1 sara2 admin1; superseded: sara1"
        )
    }

    @Test func `one senior who differs from herself on two devices is asked which it is`() {
        var dispute = Dispute()
        let sides = [dispute.anna, dispute.ben]
        let rulings = ["deny", "approve"].map {
            dispute.story.says(
                "sara",
                $0,
                replacing: [dispute.first],
                considering: sides,
                knowing: [dispute.release]
            )
        }
        #expect(
            dispute.story.amounts
                == "disputed for self: anna1 ben1; selfConflict: sara2 sara3; superseded: sara1"
        )
        dispute.story.says(
            "sara",
            "deny",
            replacing: rulings,
            considering: sides,
            knowing: [dispute.release]
        )
        #expect(
            dispute.story.amounts
                == "decided deny by senior: anna1 ben1 sara4; superseded: sara1 sara2 sara3"
        )
    }

    @Test func `a ruling and an equal answer from her other device count as one person`() {
        var dispute = Dispute()
        dispute.story.says("sara", "deny")  // Her other device, which knew nothing of the first.
        dispute.story.says(
            "sara",
            "deny",
            replacing: [dispute.first],
            considering: [dispute.anna, dispute.ben],
            knowing: [dispute.release]
        )
        #expect(
            dispute.story.amounts
                == "decided deny by senior: anna1 ben1 sara3; superseded: sara1 sara2"
        )
    }

    @Test func `a ruling taken back leaves the dispute, and her first does not come back`() {
        var dispute = Dispute()
        let ruling = dispute.story.says(
            "sara",
            "approve",
            replacing: [dispute.first],
            considering: [dispute.anna, dispute.ben],
            knowing: [dispute.release]
        )
        dispute.story.retracts("sara", [ruling], knowing: [dispute.release])
        #expect(
            dispute.story.amounts
                == "disputed for senior: anna1 ben1; retracted: sara2; superseded: sara1"
        )
    }
}

import Escalation
import Review
import Testing

@Suite("The tree of a policy as JSON")
struct PolicyTreeTests {
    @Test func `comes back as it went`() {
        let at = Place(line: 3, column: 7)
        let tree = PolicyTree(
            .mapping([
                PolicyTree.Entry(
                    key: "a",
                    place: at,
                    value: PolicyTree(
                        .sequence(
                            PolicyTree.Style.allCases.map { PolicyTree(.scalar("no", $0), at: at) }
                        ),
                        at: at
                    )
                ),
                PolicyTree.Entry(key: "a", place: at, value: PolicyTree(.mapping([]), at: at)),
            ]),
            at: Place(line: 1, column: 1)
        )
        #expect(PolicyTree(json: tree.json) == tree)
    }

    @Test(
        arguments: [
            .null, [], [1, 1, "plain"], [1, 1, "plain", 5], [0, 1, "plain", "a"],
            [1, 1, "bold", "a"],
            [1, 1, "list", [5]], [1, 1, "map", [[1, 1, "a"]]], [1.5, 1, "plain", "a"],
        ] as [JSON]
    )
    func `is refused where it is none`(json: JSON) {
        #expect(PolicyTree(json: json) == nil)
    }

    @Test func `is refused beyond its limits`() {
        let leaf: JSON = [1, 1, "plain", "a"]
        func nested(_ depth: Int) -> JSON {
            (1..<depth).reduce(leaf) { inner, _ in [1, 1, "list", [inner]] }
        }
        #expect(PolicyTree(json: nested(PolicyTree.depthLimit)) != nil)
        #expect(PolicyTree(json: nested(PolicyTree.depthLimit + 1)) == nil)
        let wide = JSON.array(Array(repeating: leaf, count: PolicyTree.sizeLimit))
        #expect(PolicyTree(json: [1, 1, "list", wide]) == nil)
    }
}

import Testing

@testable import Review

@Suite("The nearest names")
struct NearestTests {
    @Test(arguments: [
        ("kitten", "sitting", 3), ("abcd", "acbd", 1), ("", "abc", 3), ("same", "same", 0),
        ("ca", "abc", 3),  // 2 if a swapped pair could be changed again.
    ])
    func `distances are those worked by hand`(left: String, right: String, distance: Int) {
        #expect(editDistance(Array(left), Array(right)) == distance)
        #expect(editDistance(Array(right), Array(left)) == distance)
    }

    @Test func `a mistyped command finds its neighbours, nearest first`() {
        let commands = ["list", "status", "sync", "show", "sign", "review", "raise"]
        #expect(nearest(to: "stauts", among: commands) == ["status"])
        #expect(nearest(to: "sinc", among: commands) == ["sync", "sign"])
        #expect(nearest(to: "LIST", among: commands) == ["list"])
        #expect(nearest(to: "frobnicate", among: commands) == [])
    }

    @Test func `nothing typed in common is no suggestion`() {
        #expect(nearest(to: "ab", among: ["xy", "x", ""]) == [])
    }

    @Test func `at most three, each once, ties in order`() {
        #expect(
            nearest(to: "case", among: ["cased", "cases", "caser", "caseb", "cases"]).count == 3
        )
        #expect(
            nearest(to: "case", among: ["cases", "caseb", "caser"]) == ["caseb", "caser", "cases"]
        )
    }
}

import Review
import Testing

@Suite("Names of cases")
struct CaseNameTests {
    @Test(arguments: [
        "refunds/T-1029", "a/b", "Rückfragen/日本語", "w/\u{301}begins-with-an-accent", "w/a\u{FE0F}",
        "w/" + String(repeating: "x", count: 200),
    ])
    func `read back as they print`(text: String) throws {
        let name = try #require(CaseName(text))
        #expect(Array(name.description.utf8) == Array(text.utf8))
        #expect(CaseName(workflow: name.workflow, id: name.id) == name)
    }

    @Test(arguments: [
        "", "/", "refunds", "refunds/", "/T-1", "a/b/c", "a b/c", "a/b\n", "a/b\u{A0}c", "a/b\u{0}",
        "a/b\u{202E}c", "a/b\u{200B}c", "a/b\u{2028}c",
        "w/" + String(repeating: "x", count: 201), "w/" + String(repeating: "é", count: 101),
    ])
    func `hold no slash, space, control or format character`(text: String) {
        #expect(CaseName(text) == nil)
    }

    @Test func `are the same name only with the same bytes`() throws {
        let composed = try #require(CaseName("w/caf\u{E9}"))
        let decomposed = try #require(CaseName("w/cafe\u{301}"))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect((composed < decomposed) != (decomposed < composed))
    }

    @Test func `sort by workflow, then id`() throws {
        let names = try ["b/1", "a/2", "a/10", "a-/1"].map { try #require(CaseName($0)) }
        #expect(names.sorted().map(\.description) == ["a/10", "a/2", "a-/1", "b/1"])
    }
}

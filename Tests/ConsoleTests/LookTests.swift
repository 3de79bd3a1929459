import Console
import Testing

@Suite("How output may look")
struct LookTests {
    static let terminal = ["TERM": "xterm", "LANG": "de_DE.UTF-8"]

    @Test(arguments: [
        (true, terminal, true, true, false),
        (false, terminal, false, false, false),
        (true, ["TERM": "xterm", "LANG": "en_GB.utf8", "NO_COLOR": "1"], false, true, false),
        (true, ["TERM": "xterm", "LANG": "en_GB.utf8", "NO_COLOR": ""], true, true, false),
        (true, ["TERM": "dumb", "LANG": "de_DE.UTF-8"], false, false, true),
        (true, ["LANG": "de_DE.UTF-8"], false, false, false),
        (true, ["TERM": "xterm", "LANG": "C"], false, false, true),
        (true, ["TERM": "xterm", "LANG": "de_DE.UTF-8", "LC_ALL": "POSIX"], false, false, true),
        (true, ["TERM": "xterm", "LANG": "C", "LC_CTYPE": "C.UTF-8"], true, true, false),
        (true, ["TERM": "xterm", "LANG": "de_DE.UTF-8", "LC_ALL": ""], true, true, false),
    ])
    func `follows where it goes and what the environment asks`(
        isTerminal: Bool,
        environment: [String: String],
        colour: Bool,
        pictures: Bool,
        plain: Bool
    ) {
        let look = Look(
            isTerminal: isTerminal,
            columns: nil,
            plain: false,
            environment: { environment[$0] }
        )
        #expect(look.colour == colour)
        #expect(look.pictures == pictures)
        #expect(look.isPlain == plain)
        #expect(look.columns == 80)
    }

    @Test func `plain wins over a capable terminal`() {
        let look = Look(
            isTerminal: true,
            columns: 132,
            plain: true,
            environment: { Self.terminal[$0] }
        )
        #expect(look.isPlain && !look.colour && !look.pictures)
        #expect(look.columns == 132)
    }
}

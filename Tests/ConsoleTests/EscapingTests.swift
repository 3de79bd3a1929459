import Console
import Testing

@Suite("Text of others on a terminal")
struct EscapingTests {
    @Test(arguments: [
        ("plain text, Grüße, 日本語", "plain text, Grüße, 日本語"),
        ("a\u{1B}[2Jb", #"a\u{1B}[2Jb"#),  // Clears the screen.
        ("\u{9B}31m", #"\u{9B}31m"#),  // CSI in one character.
        ("bell\u{7}del\u{7F}", #"bell\u{7}del\u{7F}"#),
        ("over\rwritten", #"over\rwritten"#),
        ("two\nlines\tand a tab", #"two\nlines\tand a tab"#),
        ("\u{202E}evil\u{202C}", #"\u{202E}evil\u{202C}"#),  // Bidirectional override.
        ("\u{2066}x\u{2069}", #"\u{2066}x\u{2069}"#),  // Bidirectional isolate.
        ("ap\u{200B}prove", #"ap\u{200B}prove"#),  // Zero-width space.
        ("ap\u{AD}prove", #"ap\u{AD}prove"#),  // Soft hyphen.
        ("ap\u{200D}prove", #"ap\u{200D}prove"#),  // A joiner that joins nothing.
        ("\u{FEFF}mark", #"\u{FEFF}mark"#),
        ("a\u{2028}b", #"a\u{2028}b"#),
        ("tag\u{E0041}", #"tag\u{E0041}"#),  // Invisible text.
        ("می\u{200C}خواهم", "می\u{200C}خواهم"),  // Persian needs its non-joiner.
        ("👩\u{200D}🚀", "👩\u{200D}🚀"),
        ("❤\u{FE0F}\u{200D}🔥", "❤\u{FE0F}\u{200D}🔥"),
        ("😀\u{E0100}\u{E0101}\u{E0102}", "😀\u{E0100}" + #"\u{E0101}\u{E0102}"#),  // Smuggled bytes.
    ])
    func `what acts or hides is shown`(text: String, expected: String) {
        #expect(Array(escaped(text, .shown).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(arguments: [
        ("two\nlines", "two\nlines"),
        ("dos\r\nlines", "dos\nlines"),
        ("a\rb\r\r\nc", #"a\rb\r"# + "\nc"),
        ("a\tb", "a\tb"),
        ("a\u{1B}b\n", #"a\u{1B}b"# + "\n"),
    ])
    func `line breaks may be kept, and nothing else`(text: String, expected: String) {
        #expect(escaped(text, .kept) == expected)
    }

    @Test func `everything is ASCII when asked`() {
        #expect(escaped("Grüße 👍", .shown, ascii: true) == #"Gr\u{FC}\u{DF}e \u{1F44D}"#)
    }
}

/// What `escaped` does with line feeds and tabs.
package enum LineBreaks: Sendable {
    /// They stay, and `\r\n` becomes a line feed: for text that is shown as a block.
    case kept
    /// They are shown as `\n`, `\r` and `\t`: for text that must stay on one line.
    case shown
}

/// Text of others, safe to print: what would act on a terminal, or hide, is shown instead.
///
/// Control characters and escape sequences, bidirectional controls, zero-width and other invisible
/// characters become `\u{1B}`, which is ASCII. One joiner (Persian, Indic scripts, emoji) and one
/// variation selector (Japanese names, emoji) stay after a character that can use them; a longer
/// run of them is how text hides in text. With `ascii`, everything beyond ASCII is written so.
///
///     escaped("a\u{1B}[2Jb", .shown)  // a\u{1B}[2Jb, as eleven visible characters
package func escaped(_ text: String, _ breaks: LineBreaks, ascii: Bool = false) -> String {
    var out = String.UnicodeScalarView()
    var base: Unicode.Scalar?  // The last character that itself was visible.
    var mayJoin = false
    var maySelect = false
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
        if breaks == .kept, previous == "\r", scalar == "\n" { out.removeLast(2) }  // The `\r`.
        previous = scalar
        switch scalar {
        case "\n" where breaks == .kept, "\t" where breaks == .kept:
            out.append(scalar)
            base = nil
        case "\n": out += #"\n"#.unicodeScalars
        case "\r": out += #"\r"#.unicodeScalars
        case "\t": out += #"\t"#.unicodeScalars
        case _ where ascii && !scalar.isASCII: out += shown(scalar)
        case "\u{200C}", "\u{200D}":
            if let base, mayJoin, base.value >= 0x600 {
                mayJoin = false
                out.append(scalar)
            } else {
                out += shown(scalar)
            }
        case _ where scalar.properties.isVariationSelector:
            if base != nil, maySelect {
                maySelect = false
                out.append(scalar)
            } else {
                out += shown(scalar)
            }
        case _ where acts(scalar): out += shown(scalar)
        default:
            out.append(scalar)
            base = scalar
            mayJoin = true
            maySelect = true
        }
    }
    return String(out)
}

/// Whether a character does something, or hides, instead of being seen.
func acts(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        return true
    default: return scalar.properties.isDefaultIgnorableCodePoint
    }
}

private func shown(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars
}

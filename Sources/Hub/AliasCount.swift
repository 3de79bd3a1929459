import Escalation

/// Counts what could be aliases before they are expanded: a few of them cannot grow large.
enum AliasCount {
    private static let limit = 16

    /// The place of the first alias beyond the limit, in a text that also has an anchor.
    static func firstBeyondLimit(in text: String) -> Place? {
        var (anchors, aliases) = (0, 0)
        var (line, column) = (1, 0)
        var beyond: Place?
        var previous: Unicode.Scalar = "\n"
        var sign: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if let sign,
                scalar.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains(scalar)
            {
                if sign == "&" { anchors += 1 } else { aliases += 1 }
                if aliases > limit, beyond == nil { beyond = Place(line: line, column: column) }
            }
            column += 1
            let starts = " \t\r\n[{,".unicodeScalars.contains(previous)
            sign = starts && (scalar == "*" || scalar == "&") ? scalar : nil
            if scalar == "\n" { (line, column) = (line + 1, 0) }
            previous = scalar
        }
        return anchors > 0 ? beyond : nil
    }
}

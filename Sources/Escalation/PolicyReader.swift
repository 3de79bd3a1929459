import Review

/// Takes values out of a `PolicyTree` and remembers every problem on the way.
///
/// Each reader returns nil where the value is absent or wrong; wrong ones are reported, so that one
/// pass over a file finds everything.
struct PolicyReader {
    private(set) var problems: [PolicyProblem] = []

    mutating func error(_ message: String, at place: Place) {
        problems.append(PolicyProblem(.error, at: place, message))
    }

    mutating func warn(_ message: String, at place: Place) {
        problems.append(PolicyProblem(.warning, at: place, message))
    }

    // MARK: - Sections

    /// The entries of a mapping by key, unknown and repeated ones reported.
    mutating func section(
        _ tree: PolicyTree?,
        of name: String,
        keys: [String]
    ) -> [String: PolicyTree]? {
        guard let tree else { return nil }
        guard case .mapping(let entries) = tree.value else {
            error("\(name) has named values, as `\(keys[0]): …`", at: tree.place)
            return nil
        }
        var values: [String: PolicyTree] = [:]
        for entry in entries {
            if !keys.contains(entry.key) {
                error(
                    "\(name) has no `\(entry.key)`" + Nearest.hint(for: entry.key, among: keys),
                    at: entry.place
                )
            } else if values[entry.key] != nil {
                error("`\(entry.key)` stands twice", at: entry.place)
            } else {
                values[entry.key] = entry.value
            }
        }
        return values
    }

    mutating func elements(_ tree: PolicyTree?, of name: String) -> [PolicyTree]? {
        guard let tree else { return nil }
        guard case .sequence(let elements) = tree.value else {
            error("`\(name)` is a list", at: tree.place)
            return nil
        }
        return elements
    }

    // MARK: - Scalars

    mutating func text(_ tree: PolicyTree?, of name: String) -> String? {
        guard let tree else { return nil }
        guard case .scalar(let text, _) = tree.value, !text.isEmpty else {
            error("`\(name)` is a text", at: tree.place)
            return nil
        }
        return text
    }

    mutating func texts(_ tree: PolicyTree?, of name: String) -> [String]? {
        guard let elements = elements(tree, of: name) else { return nil }
        var texts: [String] = []
        for element in elements {
            guard let text = text(element, of: name) else { continue }
            if texts.contains(text) { error("`\(text)` stands twice", at: element.place) }
            texts.append(text)
        }
        return texts
    }

    /// One of a few words.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ tree: PolicyTree?,
        of name: String,
        as type: Word.Type = Word.self
    ) -> Word? {
        guard let tree, let text = text(tree, of: name) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        error(
            "`\(name)` is " + words.map { "`\($0)`" }.joined(separator: " or ")
                + Nearest.hint(for: text, among: words),
            at: tree.place
        )
        return nil
    }

    mutating func integer(
        _ tree: PolicyTree?,
        of name: String,
        in range: ClosedRange<Int>
    ) -> Int? {
        guard let tree else { return nil }
        guard case .scalar(let text, .plain) = tree.value, let value = Self.digits(text),
            range.contains(value)
        else {
            error(
                "`\(name)` is a whole number from \(range.lowerBound) to \(range.upperBound)",
                at: tree.place
            )
            return nil
        }
        return value
    }

    /// A yes or no: the only fields where these two words are not text.
    mutating func flag(_ tree: PolicyTree?, of name: String) -> Bool? {
        guard let tree else { return nil }
        switch tree.value {
        case .scalar("yes", .plain), .scalar("true", .plain): return true
        case .scalar("no", .plain), .scalar("false", .plain): return false
        default:
            error("`\(name)` is yes or no", at: tree.place)
            return nil
        }
    }

    /// The k of a share of `1/k`.
    mutating func oneIn(_ tree: PolicyTree?, of name: String) -> Int? {
        guard let tree else { return nil }
        if let fraction = Self.fraction(tree), fraction.numerator == 1 {
            return fraction.denominator
        }
        error("`\(name)` is a share of the form 1/k, as 1/20", at: tree.place)
        return nil
    }

    mutating func fraction(_ tree: PolicyTree?, of name: String) -> Policy.Fraction? {
        guard let tree else { return nil }
        if let fraction = Self.fraction(tree), fraction.numerator <= fraction.denominator {
            return fraction
        }
        error("`\(name)` is a share, as 3/4", at: tree.place)
        return nil
    }

    /// A duration: `N minutes`, `hours` or `days`, from 1 minute to 10 years, in milliseconds.
    mutating func duration(_ tree: PolicyTree?, of name: String) -> Int64? {
        guard let tree else { return nil }
        if case .scalar(let text, _) = tree.value {
            let parts = text.split(separator: " ")
            if parts.count == 2, let count = Self.digits(parts[0]), let unit = Self.unit(parts[1]),
                (1...5_256_000).contains(count), Int64(count) * unit <= 3_650 * 86_400_000
            {
                return Int64(count) * unit
            }
        }
        error("`\(name)` is a duration, as `10 minutes`, `48 hours` or `3 days`", at: tree.place)
        return nil
    }

    /// A share as parts per million: `2%` or `0.02`.
    mutating func partsPerMillion(_ tree: PolicyTree?, of name: String) -> Int? {
        guard let tree else { return nil }
        if case .scalar(let text, _) = tree.value {
            let isPercent = text.hasSuffix("%")
            let digits = isPercent ? String(text.dropLast()) : text
            if let value = PolicyTree.number(digits) {
                let ppm = (value * (isPercent ? 10_000 : 1_000_000)).rounded()
                if (0...1_000_000).contains(ppm) { return Int(ppm) }
            }
        }
        error("`\(name)` is a share from 0 to 1, as 2% or 0.02", at: tree.place)
        return nil
    }

    // MARK: - Spelling

    static func digits(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy(Lexer.isDigit) ? Int(text) : nil
    }

    static func unit(_ word: some StringProtocol) -> Int64? {
        switch word {
        case "minute", "minutes": 60_000
        case "hour", "hours": 3_600_000
        case "day", "days": 86_400_000
        default: nil
        }
    }

    private static func fraction(_ tree: PolicyTree) -> Policy.Fraction? {
        guard case .scalar(let text, _) = tree.value else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let numerator = digits(parts[0]),
            let denominator = digits(parts[1]),
            (1...1_000_000).contains(denominator)
        else { return nil }
        return Policy.Fraction(numerator: numerator, denominator: denominator)
    }
}

// MARK: - Conditions

extension PolicyReader {
    mutating func condition(
        _ tree: PolicyTree?,
        of name: String,
        hasShape: Bool,
        isBool: Bool = true
    ) -> Condition? {
        guard let tree, let source = text(tree, of: name) else { return nil }
        do {
            let condition = try Condition(source)
            let problems = Checker.check(condition, hasShape: hasShape, isBool: isBool)
            for problem in problems { report(problem, in: tree) }
            return condition
        } catch {
            report(error, in: tree)
            return nil
        }
    }

    mutating func template(_ tree: PolicyTree?, of name: String, hasShape: Bool) -> Template? {
        guard let tree, let source = text(tree, of: name) else { return nil }
        do {
            let template = try Template(source)
            for condition in template.conditions {
                for problem in Checker.check(condition, hasShape: hasShape, isBool: false) {
                    error(problem.message, at: tree.place)
                }
            }
            return template
        } catch {
            report(error, in: tree)
            return nil
        }
    }

    mutating func report(_ problem: ConditionError, in tree: PolicyTree) {
        error(problem.message, at: tree.place(ofByte: problem.offset))
    }
}

extension PolicyTree {
    /// Where a byte of a scalar's text stands in the file.
    ///
    /// Exact for text on one line without escapes; in folded text it is where the text begins.
    func place(ofByte offset: Int) -> Place {
        guard case .scalar(let text, let style) = value else { return place }
        let before = String(decoding: text.utf8.prefix(offset), as: UTF8.self).unicodeScalars
        switch style {
        case .plain: return place.advanced(by: before.count)
        case .quoted: return place.advanced(by: before.count + 1)
        case .block: return place
        }
    }
}

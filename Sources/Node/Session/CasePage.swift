import Review

/// A case as lines of a terminal: no cursor movement, no meaning in colour alone.
struct CasePage {
    /// How a page is laid out.
    struct Style: Equatable {
        let columns: Int
        /// One `name: value` a line, no columns, ASCII.
        let isPlain: Bool
    }

    let view: CaseView
    let fields: CaseFields
    private let style: Style

    init(_ view: CaseView, _ style: Style, files: HeldFiles) {
        self.view = view
        self.style = style
        fields = CaseFields(view, files: files)
    }

    /// The whole page; `place` is like `1 of 4`.
    func lines(place: String, now: Timestamp) -> [String] {
        let when = view.review.map { $0 == .before ? "before the action" : "after the action" }
        let due = view.due.map { due -> String in
            let left = due.milliseconds - now.milliseconds
            return left < 0 ? "overdue" : "due in \(StatusReport.span(left))"
        }
        let dot = style.isPlain ? ", " : " · "
        let right = [when, place, due].compactMap { $0 }.filter { !$0.isEmpty }.joined(
            separator: dot
        )
        var lines = ["", head(right)]
        lines.append("Here because: \(oneLine(view.summary))")
        lines.append(style.isPlain ? "title: \(oneLine(view.title))" : "  \(oneLine(view.title))")
        lines += fields.all.filter { $0.name != "output" || view.record.accepts }.map(line)
        lines += view.others.map { other in
            let said = other.verdict.label ?? other.verdict.abstention?.rawValue ?? ""
            return named("others", "\(other.verdict.reviewer) says \(said)" + note(other.verdict))
        }
        lines.append(named("AI says", aiSays))
        lines += choices
        return lines
    }

    private func note(_ verdict: Verdict) -> String {
        let words = [verdict.reason, verdict.note].compactMap { $0 }.map(oneLine)
        return words.isEmpty ? "" : ": " + words.joined(separator: ", ")
    }

    private func head(_ right: String) -> String {
        let left = view.name.description
        if style.isPlain { return "case: \(left) (\(right))" }
        let gap = max(2, style.columns - left.count - right.count)
        return left + String(repeating: " ", count: gap) + right
    }

    private var aiSays: String {
        if view.blind { return "withheld until you have answered" }
        let sure = view.content["confidence"]?.number.map { confidence -> String in
            let percent = (confidence * 100).rounded()
            return ", \(JSON.number(percent).canonical) % sure"
        }
        return (view.aiLabel ?? "nothing that is a label of this workflow") + (sure ?? "")
    }

    /// One field on one line, with how much more there is of it.
    private func line(_ field: CaseFields.Field) -> String {
        let text = oneLine(field.text)
        let room = style.isPlain ? 200 : max(20, style.columns - 13)
        if text.count <= room { return named(field.name, text) }
        let words = field.text.split(whereSeparator: \.isWhitespace).count
        let more =
            style.isPlain ? "... (\(words) words, v for all)" : "… (\(words) words, v for all)"
        return named(field.name, text.prefix(max(10, room - more.count - 1)) + " " + more)
    }

    private func named(_ name: String, _ text: String) -> String {
        if style.isPlain { return "\(name): \(text)" }
        return "  " + name + String(repeating: " ", count: max(1, 11 - name.count)) + text
    }

    /// Line breaks of a case would let it draw lines of its own.
    private func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private var choices: [String] {
        let commands = ["s skip", "x abstain", "w why", "? help"]
        let labels = view.labels
        guard labels.areNumbered else {
            return filled(
                ["\(labels.all.count) labels: type the beginning of one; l lists them"] + commands
            )
        }
        let numbered = labels.all.enumerated().map { index, label in
            "\(index + 1) \(label)" + (!view.blind && label == view.aiLabel ? " (AI)" : "")
        }
        return filled(numbered + commands)
    }

    /// Items on as few lines as they fit on, none broken.
    private func filled(_ items: [String]) -> [String] {
        var lines = [" "]
        for item in items {
            let room = style.columns - lines[lines.count - 1].count
            if item.count + 3 > room, lines[lines.count - 1] != " " { lines.append(" ") }
            lines[lines.count - 1] += (lines[lines.count - 1] == " " ? " " : "   ") + item
        }
        return lines
    }

    /// The fields in full, or one of them, each line marked so that it cannot pass for one of ours.
    func full(_ name: String?) -> [String] {
        fields.all.filter { name == nil || $0.name == name }.flatMap { field in
            ["\(field.name):"]
                + field.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                .map { "  | \($0)" }
        }
    }

    /// Every rule, fired or not, with what it compared.
    static func why(_ view: CaseView) -> [String] {
        let rows = view.why.map { row -> String in
            let word =
                switch row["result"] {
                case true?: "yes"
                case false?: "no"
                default: "unknown"
                }
            let values = (row["values"]?.object ?? [:]).sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value.string ?? $0.value.canonical)" }
            let missing = (row["missing"]?.array ?? []).compactMap(\.string).map {
                "\($0) is missing"
            }
            let detail = (values + missing).joined(separator: ", ")
            return "  \(word)  \(row["rule"]?.string ?? "")"
                + (detail.isEmpty ? "" : "  (\(detail))")
        }
        let hidden =
            view.blind ? ["  what reads the AI's answer is withheld until you have answered"] : []
        return ["\(view.name) is here because: \(view.summary)"] + rows + hidden
    }
}

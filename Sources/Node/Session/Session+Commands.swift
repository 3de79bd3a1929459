import Replica
import Review

extension Session {
    /// One letter is always a command.
    func command(_ letter: String, _ rest: String, at instant: Int64) throws -> Reply {
        switch letter {
        case "q": return Reply(next: .end)
        case "?": return Reply(Self.help)
        case "s":
            if let current { skipped.insert(current) }
            return try goOn([], at: instant)
        case "x": return try abstain(rest, at: instant)
        case "u": return try undo(rest, at: instant)
        case "c": return try change(rest, at: instant)
        case "w": return Reply(page.map { CasePage.why($0.view) } ?? ["no case is on the screen"])
        case "v":
            unread = page?.full(rest.isEmpty ? nil : rest) ?? []
            return Reply(unread.isEmpty ? ["there is no such field"] : readOn())
        case "l": return Reply(labels())
        case "e": return try edit(rest)
        case "a": return try openAttachment(rest)
        case "p": return Reply(try precedents())
        case "o":
            return Reply(try open(desk.find(rest).name, at: instant))
        default: return Reply(["there is no command \(letter); ? for help"])
        }
    }

    static let help = [
        "a number or a label, or its beginning, answers; a reason code and a note may follow",
        "s skip   x KIND [NOTE] abstain   u undo   c LABEL change the last answer   q end",
        "v [FIELD] read in full, an empty line reads on   w why it is here   l labels",
        "e edit the output   a N attachment   /TEXT search   o CASE open a case",
        "p cases like the one you answered last",
        "in a pipe: CASE ANSWER",
    ]

    private func abstain(_ rest: String, at instant: Int64) throws -> Reply {
        let kinds = Abstention.allCases
        let word = rest.prefix { !$0.isWhitespace }
        guard let name = current, let view = page?.view else {
            return Reply(["no case is on the screen; `o CASE` opens one"])
        }
        let candidates = word.isEmpty ? [] : kinds.filter { $0.rawValue.hasPrefix(word) }
        guard candidates.count == 1 else {
            return Reply(["x KIND, one of: \(kinds.map(\.rawValue).joined(separator: ", "))"])
        }
        var act = Act(.abstain(candidates[0]), via: .session)
        let note = Self.rest(rest)
        act.note = note.isEmpty ? nil : note
        return try save(act, name, view, at: instant)
    }

    private func undo(_ rest: String, at instant: Int64) throws -> Reply {
        let name = rest.isEmpty ? nil : try desk.find(rest).name
        let saved = try desk.undo(name)
        acts[saved.name] = nil
        return Reply([saved.sentence] + (try open(saved.name, at: instant)))
    }

    /// Another label for what was answered last, recorded as a change after the AI was revealed.
    private func change(_ rest: String, at instant: Int64) throws -> Reply {
        guard let name = lastAnswered else { return Reply(["nothing was answered yet"]) }
        let back = current
        let lines = try open(name, at: instant)
        if rest.isEmpty { return Reply(lines) }
        var reply = try after(lines) { try answer(rest, at: instant) }
        if let back, current != back { reply.add(try open(back, at: instant)) }
        return reply
    }

    private func labels() -> [String] {
        guard let view = page?.view else { return ["no case is on the screen"] }
        return view.labels.all.map {
            "  \($0)" + (!view.blind && $0 == view.aiLabel ? " (AI)" : "")
        }
    }

    /// Twenty lines of what `v` began.
    func readOn() -> [String] {
        let shown = Array(unread.prefix(20))
        unread.removeFirst(shown.count)
        return shown
            + (unread.isEmpty ? [] : ["  \(unread.count) more lines; an empty line reads on"])
    }

    /// Leaves it to whoever runs the session to show the file.
    private func openAttachment(_ rest: String) throws -> Reply {
        guard let name = current, let subject = try desk.replica.find(name) else {
            return Reply(["no case is on the screen; `o CASE` opens one"])
        }
        guard let number = Int(rest) else { return Reply(["a N, such as a 1"]) }
        let path = try desk.open(attachment: number, of: subject)
        clock.opened()
        return Reply(next: .open(path: path))
    }

    /// After the answer: what was decided in cases like it.
    private func precedents() throws -> [String] {
        guard let name = lastAnswered else { return ["p comes after an answer"] }
        let found = try desk.precedents(of: name)
        return found.isEmpty
            ? ["no case like \(name) was answered here"] : found.map { "  \($0.sentence)" }
    }

    private func edit(_ rest: String) throws -> Reply {
        guard let output = draft ?? page?.view.content["output"] else {
            return Reply(["there is no output to edit yet"])
        }
        if rest.isEmpty { return Reply(next: .edit(output.canonical + "\n")) }
        return Reply(try take(draft: rest))
    }

    /// Keeps an edited output for the answer, and shows what is different.
    func take(draft text: String) throws -> [String] {
        let old = page?.view.content["output"] ?? .null
        let new: JSON
        do throws(JSONError) { new = try JSON(parsing: text) } catch {
            throw NodeError.badOutput("\(error)")
        }
        guard new != old else {
            draft = nil
            return ["the output is as the AI made it"]
        }
        draft = new
        return Self.difference(old, new) + ["kept for your answer; nothing is saved yet"]
    }

    private static func difference(_ old: JSON, _ new: JSON) -> [String] {
        guard let before = old.object, let after = new.object else {
            return ["  - \(old.canonical)", "  + \(new.canonical)"]
        }
        return Set(before.keys).union(after.keys).sorted().flatMap { key -> [String] in
            guard before[key] != after[key] else { return [] }
            return [
                before[key].map { "  - \(key): \($0.canonical)" },
                after[key].map { "  + \(key): \($0.canonical)" },
            ].compactMap { $0 }
        }
    }

    /// Cases of this reviewer that hold the text, as far as they may see it.
    func search(_ text: String) throws -> [String] {
        let wanted = text.lowercased()
        let found = try desk.replica.cases([.open, .confirm, .answered], workflow: workflow)
            .compactMap { CaseView($0, for: desk.reviewer) }
            .filter { view in
                "\(view.name) \(view.title) \(view.content.canonical)".lowercased().contains(wanted)
            }
        let lines = found.prefix(10).map { "  \($0.name)  \($0.title)" }
        return found.isEmpty
            ? ["nothing here holds \(text.debugDescription)"]
            : lines + (found.count > 10 ? ["  and \(found.count - 10) more"] : [])
    }
}

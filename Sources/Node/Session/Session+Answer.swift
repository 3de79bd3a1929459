import Escalation
import Replica
import Review

extension Session {
    /// `CASE ANSWER`: the case is opened first where it is not on the screen.
    func named(_ text: String, _ rest: String, at instant: Int64) throws -> Reply {
        let name = try desk.find(text).name
        var lines: [String] = []
        if current != name { lines = try open(name, at: instant) }
        if rest.isEmpty { return Reply(lines) }
        let first = rest.prefix { !$0.isWhitespace }
        let isCommand = first.count == 1 && first.first?.isLetter == true
        return try after(lines) {
            isCommand
                ? try command(String(first), Self.rest(rest), at: instant)
                : try answer(rest, at: instant)
        }
    }

    /// What `act` replies below a page that was opened for it; the page is shown also when the act
    /// is refused, since its case is on the screen from then on.
    func after(_ page: [String], _ act: () throws -> Reply) throws -> Reply {
        var reply: Reply
        do { reply = try act() } catch let error as NodeError {
            reply = Reply(["\(error)", error.hint])
        }
        reply.lines = page + reply.lines
        return reply
    }

    /// A number or the label itself, then a reason code and a note.
    func answer(_ line: String, at instant: Int64) throws -> Reply {
        guard let name = current, let view = page?.view else {
            return Reply(["no case is on the screen; `o CASE` opens one"])
        }
        let (label, rest) = try split(line, view.labels)
        var act = Act(.label(label), via: .session)
        (act.reason, act.note) = try reason(rest, name)
        act.output = draft
        return try save(act, name, view, at: instant)
    }

    /// The label may hold spaces; what follows it is the reason and the note.
    private func split(_ line: String, _ labels: Labels) throws -> (String, String) {
        let whole = labels.all.filter { label in
            line.hasPrefix(label)
                && line.dropFirst(label.count).first.map { $0.isWhitespace || $0 == ":" } ?? true
        }.max { $0.count < $1.count }
        if let whole { return (whole, Self.trimmed(line.dropFirst(whole.count))) }
        let first = line.drop(while: \.isWhitespace).prefix { !$0.isWhitespace && $0 != ":" }
        let rest = line.drop(while: \.isWhitespace).dropFirst(first.count)
        return (try labels.label(String(first)), Self.trimmed(rest))
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace || $0 == ":" })
    }

    /// A known reason code at the beginning is the reason; the rest is the note.
    private func reason(_ text: String, _ name: CaseName) throws -> (String?, String?) {
        let policy = try desk.replica.find(name).flatMap(desk.policy(of:))
        let first = text.prefix { !$0.isWhitespace && $0 != ":" }
        if let reason = policy?.reasons.first(where: { $0 == first }) {
            let note = Self.trimmed(text.dropFirst(reason.count))
            return (reason, note.isEmpty ? nil : note)
        }
        return (nil, text.isEmpty ? nil : text)
    }

    func save(
        _ act: Act,
        _ name: CaseName,
        _ view: CaseView,
        at instant: Int64
    ) throws -> Reply {
        var act = act
        act.revision = view.record.revision
        act.reading.openedAt = openedAt
        act.reading.firstKeyAt = firstKeyAt
        act.reading.activeMilliseconds = clock.activeMilliseconds
        act.reading.words = page?.fields.words ?? 0
        let saved: Saved
        do {
            saved = try desk.act(act, on: name)
        } catch NodeError.revisionChanged(let name) {
            return Reply(try showChange(of: name, since: view, at: instant))
        }
        activeMilliseconds += clock.activeMilliseconds
        lastAnswered = name
        acts[name] = saved.kind == "abstain"
        agreementsInARow = saved.agrees == true ? agreementsInARow + 1 : 0
        var lines = [saved.sentence]
        if view.blind, saved.agrees != nil {
            lines.append(
                "the AI said \(saved.aiLabel ?? "nothing valid"); `c LABEL` changes your verdict"
            )
        }
        if view.state == .open, view.outcome == nil { lines += suggestBreak() }
        return try goOn(lines, at: instant)
    }

    private func suggestBreak() -> [String] {
        guard !suggestedABreak, agreementsInARow >= 25 || activeMilliseconds >= 45 * 60_000 else {
            return []
        }
        suggestedABreak = true
        return ["a good moment for a break: you have been reading for a while"]
    }

    /// The case changed while it was on the screen: what is different, then the case anew.
    private func showChange(
        of name: CaseName,
        since old: CaseView,
        at instant: Int64
    ) throws -> [String] {
        let before = CaseFields(old).all
        let lines = try open(name, at: instant)
        let after = page?.fields.all ?? []
        let gone = before.filter { !after.contains($0) }.map { "  - \($0.name): \($0.text)" }
        let new = after.filter { !before.contains($0) }.map { "  + \($0.name): \($0.text)" }
        return ["\(name) changed while it was on the screen; nothing was saved:"] + gone + new
            + lines
    }
}

import Replica
import Review

/// One sitting of one reviewer: a line in, a `Reply` out; no terminal inside.
///
/// A verdict is saved, durable, before its reply is returned.
package final class Session {
    let desk: Desk
    let style: CasePage.Style
    /// In a pipe an answer must name its case; on a terminal the one on the screen is meant.
    let needsNames: Bool
    let workflow: String?
    let limit: Int

    var current: CaseName?
    var page: CasePage?
    var clock = ReadingClock(words: 0, at: 0)
    var openedAt: Timestamp?
    var firstKeyAt: Timestamp?
    var skipped: Set<CaseName> = []
    var shownCount = 0
    /// What `e` made of the output, until the answer.
    var draft: JSON?
    /// Lines that `v` has not printed yet.
    var unread: [String] = []
    var lastAnswered: CaseName?

    /// What stands of this session's acts: of each case, whether it was an abstention.
    var acts: [CaseName: Bool] = [:]
    var agreementsInARow = 0
    var activeMilliseconds: Int64 = 0
    var suggestedABreak = false
    /// Why an answer could not be saved, through no fault of its line; the last one counts.
    package private(set) var trouble: NodeFailure?

    package init(
        _ desk: Desk,
        columns: Int,
        isPlain: Bool,
        isPiped: Bool,
        workflow: String?,
        limit: Int?
    ) {
        self.desk = desk
        style = CasePage.Style(columns: min(columns, 100), isPlain: isPlain)
        needsNames = isPiped
        self.workflow = workflow
        self.limit = limit ?? .max
    }

    /// The first words, and the first case.
    package func start(at instant: Int64) throws -> Reply {
        let waiting = try queue().count
        if waiting == 0 {
            return Reply(
                ["nothing to review. `countersign sync` asks the hub for more."],
                next: .end
            )
        }
        let day = desk.now().advanced(byMilliseconds: 86_400_000)
        let urgent = try desk.replica.waiting(workflow: workflow, dueBy: day).count
        let due = urgent == 0 ? "none due within a day" : "\(urgent) due within a day"
        let cases = waiting == 1 ? "1 case" : "\(waiting) cases"
        var reply = Reply(["\(cases), \(due). ? for help."])
        reply.add(try open(next(), at: instant))
        return reply
    }

    /// Takes a line.
    ///
    /// `instant` is a monotonic time in milliseconds.
    package func handle(_ line: String, at instant: Int64) -> Reply {
        clock.key(at: instant)
        if firstKeyAt == nil { firstKeyAt = desk.now() }
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        do {
            guard let first = words.first else { return Reply(readOn()) }
            if first.hasPrefix("/") {
                return Reply(try search(String(line.drop { $0 != "/" }.dropFirst())))
            }
            let rest = Self.rest(line)
            if first.count == 1, first.first?.isLetter == true || first == "?" {
                return try command(first, rest, at: instant)
            }
            if CaseName(first) != nil, first.contains("/") {
                return try named(first, rest, at: instant)
            }
            guard !needsNames else {
                return Reply(["not saved: in a pipe, name the case: `CASE ANSWER`"])
            }
            return try answer(line, at: instant)
        } catch let error as NodeError {
            return Reply(["\(error)", error.hint])
        } catch {
            let failure = NodeFailure(error)
            trouble = failure
            return Reply(["not saved: \(failure.message)", failure.hint])
        }
    }

    /// The editor has closed; `text` is what it left.
    package func edited(_ text: String) -> Reply {
        do { return Reply(try take(draft: text)) } catch let error as NodeError {
            return Reply(["\(error)", error.hint])
        } catch {
            return Reply(["\(error)"])
        }
    }

    /// Whether a case was put on the screen at all.
    package var hasBegun: Bool { shownCount > 0 }

    /// What was done, for the end of the session.
    package func summary() throws -> String {
        let waiting = try desk.status().status.outbox.entries
        let abstained = acts.values.count { $0 }
        let decided = acts.count - abstained
        return
            "\(decided) decided, \(skipped.count) skipped, \(abstained) abstained; \(waiting) waiting to sync"
    }

    // MARK: - The queue

    func queue() throws -> [CaseName] {
        try desk.replica.waiting(workflow: workflow).filter { !skipped.contains($0) }
    }

    func next() throws -> CaseName? {
        guard acts.count < limit else { return nil }
        return try queue().first
    }

    /// Puts a case on the screen, or ends when there is none.
    func open(_ name: CaseName?, at instant: Int64) throws -> [String] {
        draft = nil
        unread = []
        guard let name, let subject = try desk.replica.find(name),
            let view = CaseView(subject, for: desk.reviewer)
        else {
            current = nil
            page = nil
            return []
        }
        // A sync beside this session may have brought it.
        if desk.policy(of: subject) == nil { try desk.readPolicies() }
        let page = CasePage(view, style, files: try desk.heldFiles(of: subject, view))
        current = name
        self.page = page
        clock = ReadingClock(words: page.fields.words, at: instant)
        openedAt = desk.now()
        firstKeyAt = nil
        try desk.markShown(subject)
        shownCount += 1
        let waiting = try queue().count
        let place = waiting > 0 ? "\(waiting) to go" : ""
        return page.lines(place: place, now: desk.now())
    }

    /// After an act: the next case.
    ///
    /// Without one the session stays, so that a slip can be undone.
    func goOn(_ lines: [String], at instant: Int64) throws -> Reply {
        guard let next = try next() else {
            current = nil
            page = nil
            if acts.count >= limit { return Reply(lines, next: .end) }
            return Reply(lines + ["", "nothing more to review; u undoes, q ends"])
        }
        return Reply(lines + (try open(next, at: instant)))
    }

    /// A line without its first word.
    static func rest(_ line: String) -> String {
        let trimmed = line.drop(while: \.isWhitespace).drop { !$0.isWhitespace }
        return String(trimmed.drop(while: \.isWhitespace))
    }
}

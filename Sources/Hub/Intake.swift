import Escalation
import HubStore
package import Review
import Sync

/// One line of cases that came in, by its number in the file.
package struct CaseLine: Sendable {
    package let number: Int
    package let bytes: [UInt8]
    /// Only the beginning of a line that is too long is here.
    package let isCut: Bool

    package init(number: Int, bytes: [UInt8], isCut: Bool = false) {
        self.number = number
        self.bytes = bytes
        self.isCut = isCut
    }
}

/// A case that reads, and how large it is in its canonical form.
private struct Arrival {
    let subject: Case
    let size: Int
}

extension HubOffice {
    /// Below this, no policy's sentences make an entry of a case too large.
    private static let surelySmall = 16 << 10
    /// The largest case: 1 MiB, as sent and in its canonical form.
    package static let caseLimit = 1 << 20

    /// Takes cases in, one transaction a batch, and answers each; a refused one stops no other.
    ///
    /// The answer is a disposition or, for what was refused, why.
    /// Attachments are read from `folder`, where there is one.
    package func intake(
        _ lines: [CaseLine],
        filesIn folder: String? = nil
    ) throws -> [Result<JSON, HubFailure>] {
        var answers: [Result<JSON, HubFailure>] = []
        for start in stride(from: 0, to: lines.count, by: Self.chunk) {
            let batch = lines[start..<min(start + Self.chunk, lines.count)]
            answers += try intake(
                batch: batch.map { line in
                    Result { try Self.read(try attach(line, filesIn: folder)) }
                }
            )
        }
        return answers
    }

    private func intake(
        batch: [Result<Arrival, any Error>]
    ) throws -> [Result<JSON, HubFailure>] {
        let names = batch.compactMap { try? $0.get().subject.name }
        // An activation may come between: then its policy is fetched and the batch tried again.
        while true {
            let inForce = try store.read(Wanted()).workflows.mapValues(\.policy)
            try policies.fetch(
                Set(names.compactMap { inForce[$0.workflow] }),
                from: store
            )
            let answers: [Result<JSON, HubFailure>]? = try decide(Wanted(names: names)) { draft in
                for name in names {
                    if let policy = draft.held.workflows[name.workflow]?.policy,
                        policies[policy] == nil
                    {
                        return nil
                    }
                }
                return batch.map { item in
                    Result { try take(try item.get(), into: &draft) }.mapError { HubFailure($0) }
                }
            }
            if let answers { return answers }
        }
    }

    /// Takes one case in; one whose entries no node could take is refused, and nothing is written.
    private func take(_ arrival: Arrival, into draft: inout HubDraft) throws -> JSON {
        guard arrival.size > Self.surelySmall else {
            return try draft.intake(arrival.subject, route: route)
        }
        // What a rule quotes stands in an entry once more.
        var attempt = draft
        let answer = try attempt.intake(arrival.subject, route: route)
        let new = attempt.writes.entries.dropFirst(draft.writes.entries.count)
        guard new.allSatisfy({ $0.document.payload?.count ?? 0 <= Entry.payloadLimit }) else {
            throw Self.tooLarge
        }
        draft = attempt
        return answer
    }

    private func route(_ subject: Case, _ workflow: Workflow, _ now: Timestamp) -> Routed {
        guard let policy = policies[workflow.policy] else {
            preconditionFailure("the policies of a batch are fetched before it")
        }
        let standing = Standing(phase: workflow.phase, now: now, draw: keys.draw)
        return Routed(
            routing: policy.route(subject, standing),
            policy: workflow.policy,
            label: policy.label(of: subject.label).flatMap { label in
                policy.labels.contains(label) ? label : nil
            },
            labels: policy.labels,
            accepts: policy.answer == .accept,
            reveal: policy.review.reveal == .hub ? .hub : .local,
            adjudicate: policy.review.adjudicate == .third ? .third : .senior,
            settleMilliseconds: policy.review.settleMilliseconds
        )
    }

    /// The case on a line, every limit checked.
    private static func read(_ line: CaseLine) throws -> Arrival {
        if line.isCut || line.bytes.count > caseLimit { throw tooLarge }
        let json: JSON
        do {
            json = try JSON(parsing: line.bytes)
        } catch {
            throw HubFailure(
                "badJSON",
                "this is not JSON that can be kept: \(error); the case was not taken",
                hint: "correct the line and send it again",
                kind: .badInput
            )
        }
        let subject: Case
        do {
            subject = try Case(json)
        } catch {
            throw HubFailure(
                "badCase",
                "this is not a case: \(error); it was not taken",
                hint: "correct the field and send it again",
                kind: .badInput
            )
        }
        let size = subject.content.canonicalBytes.count
        if size > caseLimit { throw tooLarge }
        return Arrival(subject: subject, size: size)
    }

    private static var tooLarge: HubFailure {
        HubFailure(
            "tooLarge",
            "a case has at most \(caseLimit) bytes (1 MiB), what its policy quotes of it included; "
                + "this one has more and was not taken",
            hint: "shorten its input or context, and name what was left out",
            kind: .tooLarge
        )
    }
}

// MARK: - A line each

extension HubOffice {
    /// Takes lines in and answers each with one object: the disposition, or `line` and `error`.
    package func intake(
        lines: [CaseLine],
        filesIn folder: String? = nil
    ) throws -> (answers: [Shown], refused: Int) {
        let answers = try intake(lines, filesIn: folder)
        let shown = zip(lines, answers).map { line, answer in
            switch answer {
            case .success(let disposition): Self.shown(disposition)
            case .failure(let failure):
                Shown(
                    ["line": .integer(line.number), "error": failure.json],
                    ["line \(line.number): \(failure)"]
                )
            }
        }
        let refused = answers.count { if case .failure = $0 { true } else { false } }
        return (shown, refused)
    }

    private static func shown(_ disposition: JSON) -> Shown {
        func text(_ key: String) -> String { disposition[key]?.string ?? "" }
        return Shown(
            disposition,
            ["\(text("case"))  \(text("disposition"))  \(text("review"))  \(text("summary"))"]
        )
    }
}

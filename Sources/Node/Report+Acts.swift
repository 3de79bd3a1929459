import Replica
import Review

// Acts by name, as commands and scripts give them.

/// What a script says about one answer.
package struct AnswerRequest: Sendable {
    package var subject: String
    package var label: String
    package var revision: String?
    /// The whole edited output, as JSON text.
    package var output: [UInt8]?
    package var reason: String?
    package var note: String?

    package init(subject: String, label: String) {
        self.subject = subject
        self.label = label
    }
}

extension Desk {
    package func answer(_ request: AnswerRequest) throws -> Report {
        let subject = try find(request.subject)
        guard let record = subject.dossier.current?.value else {
            throw NodeError.purged(subject.name)
        }
        var act = Act(.label(try Labels(record.labels).label(request.label)), via: .answer)
        if let text = request.revision {
            guard let revision = Digest(text) else {
                throw NodeError.badLine("the revision is no sha256:…")
            }
            act.revision = revision
        }
        if let output = request.output {
            do { act.output = try JSON(parsing: output) } catch {
                throw NodeError.badOutput("\(error)")
            }
        }
        act.reason = request.reason
        act.note = request.note
        return report(try self.act(act, on: record.name))
    }

    package func abstain(_ text: String, because word: String, note: String?) throws -> Report {
        let name = try find(text).name
        guard let kind = Abstention(rawValue: word) else { throw NodeError.unknownKind(word) }
        var act = Act(.abstain(kind), via: .answer)
        act.note = note
        return report(try self.act(act, on: name))
    }

    package func undo(_ text: String?) throws -> Report {
        report(try undo(text.map { try find($0).name }))
    }

    /// One line of `decide`: saved and durable, or refused, when this returns.
    package func decide(_ line: [UInt8], number: Int) -> (report: Report, failure: NodeFailure?) {
        do {
            let request = try DecideLine(line)
            do {
                return (report(try act(request.act, on: request.name)), nil)
            } catch NodeError.unknownCase(let name, _) {
                _ = try find(name)  // Throws the same with the nearest names.
                throw NodeError.unknownCase(name, nearest: [])
            }
        } catch {
            let failure = NodeFailure(error)
            return (
                Report(
                    ["line": .integer(number), "error": failure.json],
                    ["line \(number): \(failure.message); \(failure.hint)"]
                ), failure
            )
        }
    }

    private func report(_ saved: Saved) -> Report {
        Report(saved.json, ["\(saved.name)  \(saved.sentence)"])
    }
}

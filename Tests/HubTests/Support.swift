import Foundation
import Hub
import Review
import Sync
import Synchronization

/// A hub in a folder of its own that goes away with it, with a clock that stands until it is moved.
final class TemporaryHub: Sendable {
    let folder: HubFolder
    let office: HubOffice
    private let clock: Clock

    init(policies: [String] = [twoOpinions], reviewers: [String] = ["anna", "ben"]) throws {
        let clock = Clock()
        self.clock = clock
        folder = temporaryFolder()
        office = try HubOffice(in: folder, making: true, now: { clock.now })
        for policy in policies { _ = try office.activate(policy: Array(policy.utf8), by: "cleo") }
        for reviewer in reviewers {
            _ = try office.addReviewer(reviewer, workflows: nil, role: "reviewer")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.path) }

    var now: Timestamp { clock.now }

    func wait(minutes: Int64) { clock.advance(minutes * 60_000) }

    /// Takes one line in and returns its answer.
    func intake(_ line: String) throws -> JSON {
        let answers = try office.intake(lines: [CaseLine(number: 1, bytes: Array(line.utf8))])
        return try JSON(parsing: answers.answers[0].json)
    }

    /// Runs a list and returns its rows.
    func rows(_ list: (Printing) throws -> Void) throws -> [JSON] {
        var rows: [JSON] = []
        try list { rows.append(try JSON(parsing: $0.json)) }
        return rows
    }

    func show(_ name: String) throws -> JSON { try JSON(parsing: office.showCase(name).json) }

    func verification() throws -> JSON { try JSON(parsing: office.verify().shown.json) }
}

/// Time that moves only when it is told to.
private final class Clock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_795_600_800_000))

    var now: Timestamp { time.withLock { $0 } }

    func advance(_ milliseconds: Int64) {
        time.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) }
    }
}

func temporaryFolder() -> HubFolder {
    let name = "countersign-hub-tests-" + systemRandomness(8).hexadecimal
    return HubFolder(path: FileManager.default.temporaryDirectory.path + "/" + name)
}

let twoOpinions = """
    workflow: refunds
    labels: [approve, deny]
    review: {opinions: 2}
    """

func refund(_ id: String, _ more: String = "") -> String {
    """
    {"workflow": "refunds", "id": "\(id)", "output": {"decision": "approve"}, "label": "approve", \
    "confidence": 0.93, "model": {"id": "m", "version": "1"}\(more)}
    """
}

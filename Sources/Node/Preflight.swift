import Glibc
import Replica
import Review
import Storage

/// Whether this machine can be taken where there is no network: what is missing, and what fits.
package struct Preflight: Sendable {
    /// A case that cannot be judged as it should be, since files of it are not here.
    struct Obstacle: Sendable, Equatable {
        let name: CaseName
        /// Their numbers on the page of the case.
        let attachments: [Int]
    }

    let waiting: Int
    let obstacles: [Obstacle]
    /// What is to be fetched, each file once.
    let missing: (files: Int, bytes: Int)
    let freeBytes: Int
    let pace: WorkingPace
    let hours: Int?

    /// What must stay free for verdicts beside what is fetched.
    private static let reserve = 16 << 20

    var isDiskLargeEnough: Bool { freeBytes >= missing.bytes + Self.reserve }
    package var isReady: Bool { obstacles.isEmpty && isDiskLargeEnough }
    private var fitting: Int? { hours.flatMap { pace.cases(in: $0) } }
}

extension Preflight {
    package var report: Report { Report(json, lines) }

    private var json: JSON {
        [
            "ready": .bool(isReady), "cases": .integer(waiting),
            "undecidable": .array(
                obstacles.map { obstacle in
                    [
                        "case": obstacle.name.json, "reason": "attachmentNotHere",
                        "attachments": .array(obstacle.attachments.map { .integer($0) }),
                    ]
                }
            ),
            "attachmentsMissing": .integer(missing.files), "bytesMissing": .integer(missing.bytes),
            "diskFree": .integer(freeBytes), "diskEnough": .bool(isDiskLargeEnough),
            "millisecondsPerCase": pace.millisecondsPerCase.map { .integer($0) } ?? .null,
            "hours": hours.map { .integer($0) } ?? .null,
            "casesThatFit": fitting.map { .integer($0) } ?? .null,
            "fits": fitting.map { .bool($0 >= waiting) } ?? .null,
        ]
    }

    private var lines: [String] {
        let cases = waiting == 1 ? "1 case waits" : "\(waiting) cases wait"
        var lines = ["\(cases) for you"] + obstacles.map(Self.line)
        if missing.files > 0 {
            let size = AttachmentTally.kilobytes(missing.bytes)
            lines.append("\(missing.files) to fetch, \(size): `countersign sync`")
        }
        if !isDiskLargeEnough {
            lines.append(
                "the disk is too small: \(AttachmentTally.kilobytes(freeBytes)) are free; make room"
            )
        }
        if let hours { lines.append(time(hours)) }
        return lines + (isReady ? ["ready to go offline"] : ["not ready to go offline"])
    }

    private static func line(_ obstacle: Obstacle) -> String {
        let numbers = obstacle.attachments.map(String.init).joined(separator: ", ")
        let word = obstacle.attachments.count == 1 ? "attachment" : "attachments"
        return "\(obstacle.name): not here yet: \(word) \(numbers)"
    }

    private func time(_ hours: Int) -> String {
        guard let fitting, let milliseconds = pace.millisecondsPerCase else {
            return "how many fit into \(hours) h is not known: too few were read on this machine"
        }
        let fits = fitting >= waiting ? "all fit" : "\(fitting) fit"
        return "at \(milliseconds / 1000) s a case, your pace, \(fits) into \(hours) h"
    }
}

extension Desk {
    /// What stands between this machine and `hours` without a network.
    package func preflight(hours: Int?) throws -> Preflight {
        let subjects = try replica.cases([.open, .confirm])
        let obstacles = subjects.compactMap { subject -> Preflight.Obstacle? in
            guard let view = CaseView(subject, for: reviewer) else { return nil }
            let missing = Attachment.all(in: view.content).enumerated().filter {
                blobs.size(of: $0.element.digest) != $0.element.bytes
            }.map { $0.offset + 1 }
            return missing.isEmpty ? nil : Preflight.Obstacle(name: view.name, attachments: missing)
        }
        let wanted = try replica.attachments().filter { !isHere($0) }
        return Preflight(
            waiting: subjects.count,
            obstacles: obstacles,
            missing: (
                wanted.count,
                wanted.reduce(0) { $0 + $1.bytes - min($1.bytes, blobs.partSize(of: $1.digest)) }
            ),
            freeBytes: home.freeBytes,
            pace: try WorkingPace(of: replica),
            hours: hours
        )
    }
}

extension NodeHome {
    /// What its owner may still write to the disk.
    fileprivate var freeBytes: Int {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return 0 }
        return Int(clamping: status.f_bavail.multipliedReportingOverflow(by: status.f_frsize).0)
    }
}

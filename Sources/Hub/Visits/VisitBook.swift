import Glibc
import Review
import Synchronization

/// Keeps recent visits in a file, so that a restart of the hub forgives and forgets nothing.
///
/// Lines are appended and never awaited on the disk: only the loss of power loses the last of them.
/// A file that is older than the hub's memory gives way to a new one.
final class VisitBook: Sendable {
    private struct Pages {
        var visits: RecentVisits
        var begun: Timestamp
    }

    private static let names = ["visits.old", "visits"]

    private let folder: HubFolder
    /// Nil until the first visit, since most commands have none.
    private let pages = Mutex<Pages?>(nil)

    init(in folder: HubFolder) { self.folder = folder }

    /// Lets a visit be, or throws why not.
    func enter(_ visit: Visit) throws {
        let answer = pages.withLock { pages in
            var present = pages ?? read(at: visit.at)
            let answer = present.visits.take(visit)
            if answer == .welcome { append(visit, to: &present) }
            pages = present
            return answer
        }
        switch answer {
        case .welcome: return
        case .replayed: throw Self.replayed
        case .tooOften(let seconds): throw Self.tooOften(seconds)
        }
    }

    private func append(_ visit: Visit, to pages: inout Pages) {
        let age = visit.at.milliseconds - pages.begun.milliseconds
        if age > RecentVisits.memoryMilliseconds {
            rename(folder.file("visits"), folder.file("visits.old"))
            pages.begun = visit.at
        }
        let descriptor = open(
            folder.file("visits"),
            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
            0o600
        )
        guard descriptor >= 0 else { return }  // On a full disk only this process remembers.
        let line = Array(visit.line.utf8)
        _ = write(descriptor, line, line.count)
        close(descriptor)
    }

    private func read(at time: Timestamp) -> Pages {
        var pages = Pages(visits: RecentVisits(), begun: time)
        for name in Self.names {
            let lines = String(decoding: folder.read(name) ?? [], as: UTF8.self)
                .split(separator: "\n").compactMap { Visit(line: $0) }
            if name == "visits", let first = lines.first { pages.begun = first.at }
            for visit in lines { _ = pages.visits.take(visit) }
        }
        return pages
    }
}

// MARK: - A line of the file

extension Visit {
    fileprivate var line: String {
        switch visitor {
        case .device(let id): "\(at.milliseconds) device \(id) \(mark)\n"
        case .stranger(let address): "\(at.milliseconds) stranger \(address) -\n"
        }
    }

    /// Nil for what a crash cut off.
    fileprivate init?(line: Substring) {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 4, let milliseconds = Int64(words[0]) else { return nil }
        let isDevice = words[1] == "device"
        self.init(
            at: Timestamp(milliseconds: milliseconds),
            visitor: isDevice ? .device(words[2]) : .stranger(address: words[2]),
            mark: words[3]
        )
    }
}

// MARK: - Refusals

extension VisitBook {
    private static var replayed: HubFailure {
        HubFailure(
            "replayed",
            "the very same request has come before; it had no effect again",
            hint: "sign a new one: `countersign sync`",
            kind: .refused
        )
    }

    private static func tooOften(_ seconds: Int64) -> HubFailure {
        HubFailure(
            "tooOften",
            "too many requests came from there; nothing of this one was taken",
            hint: "in \(seconds) s: `countersign sync`",
            kind: .tooOften,
            details: ["retryAfter": .integer(seconds)]
        )
    }
}

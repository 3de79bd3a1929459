import Replica
package import Review

/// What is taken along where there is no network: the most useful cases that fit the time.
///
/// First where one's word decides between others, then what is due first.
package struct Trip: Sendable {
    package let views: [CaseView]
    /// How many waited in all.
    let waiting: Int
    let hours: Int
    let millisecondsPerCase: Int64
    /// Whether too few were read on this machine to know its reviewer's pace.
    let isGuess: Bool
    /// How many files of theirs are not here.
    var missing = 0

    /// The pace of somebody who is not known: 5 minutes a case.
    private static let guess: Int64 = 300_000

    init(of queue: [CaseView], atMost count: Int, hours: Int, _ pace: WorkingPace) {
        millisecondsPerCase = pace.millisecondsPerCase ?? Self.guess
        isGuess = pace.millisecondsPerCase == nil
        let fitting = Int(Int64(hours) * 3_600_000 / millisecondsPerCase)
        views = Array(queue.prefix(min(count, fitting)))
        waiting = queue.count
        self.hours = hours
    }

    package var isMissingFiles: Bool { missing > 0 }
    package var names: [CaseName] { views.map(\.name) }

    package var report: Report {
        Report(
            [
                "cases": .array(names.map(\.json)), "waiting": .integer(waiting),
                "hours": .integer(hours), "millisecondsPerCase": .integer(millisecondsPerCase),
                "paceIsGuess": .bool(isGuess), "attachmentsMissing": .integer(missing),
            ],
            views.map { "\($0.name)  \($0.title)" } + [sentence]
        )
    }

    private var sentence: String {
        let pace = isGuess ? "a guess, as too few were read on this machine" : "your pace"
        let files = missing == 0 ? "all is here" : "\(missing) attachments are not here"
        let minutes = Int64(views.count) * millisecondsPerCase / 60_000
        return "\(views.count) of \(waiting) taken along, about \(minutes) min of \(hours) h at "
            + "\(millisecondsPerCase / 1000) s a case (\(pace)); \(files)"
    }
}

extension Desk {
    /// Chooses at most so many cases that fit into so many hours.
    package func trip(atMost count: Int, hours: Int) throws -> Trip {
        let subjects = try replica.cases([.confirm]) + replica.cases([.open])
        var trip = Trip(
            of: subjects.compactMap { CaseView($0, for: reviewer) },
            atMost: count,
            hours: hours,
            try WorkingPace(of: replica)
        )
        trip.missing = try trip.names.reduce(0) { sum, name in
            try sum + replica.attachments(of: name).count { !isHere($0) }
        }
        return trip
    }

    /// A sync that fetches the attachments of a trip, and nothing else.
    package func orderAttachments(of trip: Trip) -> SyncOrder {
        var order = SyncOrder()
        order.attachments = .only(trip.names)
        return order
    }
}

import HubStore
import Review
import Sync

/// What `verify` found: how much was checked, and everything that does not hold.
package struct Verification: Sendable {
    /// One thing that does not hold.
    struct Failure: Sendable, Equatable {
        let what: String
        let place: String
        let reason: String
    }

    /// The three ways to the same counts (`sync.md`, recalibration deltas).
    struct Recount: Sendable {
        var tallies = Tally()
        var compensation = Tally()
        var recount = Tally()
        var provisional = Tally()
        var isEqual = true
    }

    var entries = 0
    var signatures = 0
    var logs = 0
    var rows = 0
    var feeds = 0
    var blobs = 0
    /// How many attachments of cases have not come yet.
    var awaitedBlobs = 0
    var recount = Recount()
    private(set) var failures: [Failure] = []

    package var holds: Bool { failures.isEmpty }

    mutating func fail(_ what: String, _ place: some CustomStringConvertible, _ reason: String) {
        failures.append(Failure(what: what, place: place.description, reason: reason))
    }

    /// Runs one part; what cannot even be read is a failure too.
    mutating func attempt(_ part: String, _ body: (inout Verification) throws -> Void) {
        do { try body(&self) } catch { fail("database", part, "\(error)") }
    }
}

extension Verification {
    package var shown: Shown {
        let found = failures.map { failure in
            "\(failure.what) \(failure.place): \(failure.reason)"
        }
        let end =
            holds
            ? "everything holds"
            : "\(failures.count) things do not hold; keep this folder as it is and restore a backup"
        return Shown(
            json,
            found + [
                "\(entries) entries in \(logs) logs, \(signatures) signatures, "
                    + "\(rows) rows in \(feeds) feeds, \(blobs) attachments: \(end)"
            ]
        )
    }

    private var json: JSON {
        [
            "entries": .integer(entries), "signatures": .integer(signatures),
            "receipts": .integer(logs), "rows": .integer(rows), "feeds": .integer(feeds),
            "attachments": .integer(blobs), "attachmentsAwaited": .integer(awaitedBlobs),
            "failures": .array(
                failures.map { failure in
                    [
                        "what": .string(failure.what), "where": .string(failure.place),
                        "reason": .string(failure.reason),
                    ]
                }
            ),
            "deltas": [
                "tallies": .integer(recount.tallies.sum),
                "compensation": .integer(recount.compensation.sum),
                "recount": .integer(recount.recount.sum),
                "equal": .bool(recount.isEqual),
                "provisional": .integer(recount.provisional.sum),
            ],
        ]
    }
}

extension Tally {
    /// All counts together.
    fileprivate var sum: Int64 { counts.values.reduce(0) { $1.values.reduce($0, +) } }
}

extension HubOffice {
    /// Checks everything that is stored (**Verifiable**): nothing is believed, nothing changed.
    package func verify() throws -> Verification {
        var verification = Verification()
        var logs = LogsRead()
        verification.attempt("entries") { try checkEntries(&$0, &logs) }
        verification.attempt("feeds") { try checkFeeds(&$0) }
        verification.attempt("revocations") { try checkRevocations(&$0) }
        verification.attempt("counts") { try checkCounts(&$0, logs) }
        verification.attempt("attachments") { try checkBlobs(&$0) }
        return verification
    }
}

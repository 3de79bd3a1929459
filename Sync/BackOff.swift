package import Review

/// When a node may ask its hub again: one value for all its processes, kept in the replica.
///
/// What the hub asked for binds everybody. What this node waits for by itself binds only syncs that
/// nobody asked for: a person who types `sync` gets a try.
package struct BackOff: Sendable, Equatable {
    /// How many syncs have failed since the last one that did not.
    package var failures = 0
    /// When the last one failed.
    package var since: Timestamp?
    /// Until when the hub asked to be left alone (`Retry-After`).
    package var hubAsksUntil: Timestamp?
    /// Before when no unattended sync is due.
    package var nextUnattended: Timestamp?

    package init() {}

    /// The first wait is shorter than this, and every wait than `longest`.
    package static let base: Int64 = 10_000
    package static let longest: Int64 = 300_000
    /// The longest that a hub's wish is taken for; nothing that answers in its place asks for more.
    package static let longestWish: Int64 = 86_400_000

    package enum Wait: Sendable, Equatable {
        case hubAsks(until: Timestamp)
        case own(until: Timestamp)
    }

    /// What a sync that begins now has to wait for.
    ///
    /// A clock that has been set back makes every wait void, rather than one of decades.
    package func wait(at now: Timestamp, isUnattended: Bool) -> Wait? {
        guard let since, since <= now else { return nil }
        if let hubAsksUntil, now < hubAsksUntil { return .hubAsks(until: hubAsksUntil) }
        if isUnattended, let nextUnattended, now < nextUnattended {
            return .own(until: nextUnattended)
        }
        return nil
    }

    /// The same after one more failure: full jitter, a wait anywhere from 0 to a ceiling that
    /// doubles each time, after whatever the hub asked for.
    ///
    /// What only a person can mend (`isLasting`) is not tried again unattended for a day.
    package func failed(
        at now: Timestamp,
        retryAfterSeconds: Int64?,
        isLasting: Bool = false,
        random: UInt64
    ) -> BackOff {
        var next = self
        // Set back since then, the clock would make decades of it.
        if let since, since > now { next.hubAsksUntil = nil }
        next.failures = min(failures, 1_000) + 1
        next.since = now
        if let seconds = retryAfterSeconds {
            let wish = min(max(seconds, 0), Self.longestWish / 1000) * 1000
            next.hubAsksUntil = now.advanced(byMilliseconds: wish)
        }
        let start = next.hubAsksUntil.map { max($0, now) } ?? now
        let jitter = Int64(random % UInt64(Self.ceiling(afterFailures: next.failures) + 1))
        next.nextUnattended = start.advanced(byMilliseconds: isLasting ? Self.longestWish : jitter)
        return next
    }

    /// Below what the wait after so many failures lies.
    package static func ceiling(afterFailures failures: Int) -> Int64 {
        min(longest, base << Int64(min(max(failures - 1, 0), 16)))
    }
}

// MARK: - As it is kept

extension BackOff {
    package var json: JSON {
        .present([
            "failures": .integer(failures), "since": since?.json,
            "hubAsksUntil": hubAsksUntil?.json, "nextUnattended": nextUnattended?.json,
        ])
    }

    package init(json: JSON) {
        failures = json["failures"]?.integer.map { Int(clamping: $0) } ?? 0
        since = json["since"]?.integer.map(Timestamp.init)
        hubAsksUntil = json["hubAsksUntil"]?.integer.map(Timestamp.init)
        nextUnattended = json["nextUnattended"]?.integer.map(Timestamp.init)
    }
}

package import Review

/// What of the feeds one reply holds: the pages that fit, and the feeds that start anew.
package struct HubPages: Sendable, Equatable {
    package private(set) var pages: [Page] = []
    /// The feeds whose cursor does not fit this hub.
    package private(set) var resets: [String] = []

    /// Nothing, for who gets nothing.
    package init() {}

    /// Takes what fits of a reviewer's feeds, after the cursors; at least one page, if any are wanted.
    ///
    /// `read` gives a feed after a place, about so many bytes of it and at least one row where there
    /// is one; nil where the feed does not hold the place.
    package init(
        for reviewer: String,
        after cursors: [Cursor],
        of hub: HubName,
        within allowance: PageAllowance,
        hash: Hashing,
        now: () -> Timestamp,
        read: (_ feed: String, _ place: FeedHead, _ bytes: Int) throws -> Page?
    ) rethrows {
        guard allowance.wantsPages else { return }
        var allowance = allowance
        for feed in [FeedName.hub, FeedName.reviewer(reviewer)] {
            let start = FeedHead(hub: hub, feed: feed, hash: hash)
            var place = start
            if let cursor = cursors.first(where: { $0.feed == feed }) {
                let isOurs =
                    cursor.hubEpoch == hub.epoch
                    && (cursor.head.seq > 0 || cursor.head == start)
                if isOurs, try read(feed, cursor.head, 0) != nil {
                    place = cursor.head
                } else {
                    resets.append(feed)
                }
            }
            var more = true
            while more {
                guard let page = try read(feed, place, allowance.pageBytes) else { break }
                let fits = !allowance.isSpent(at: now()) && allowance.take(page)
                pages.append(fits ? page : page.postponed)
                place = page.head.to  // Of no use any more where it did not fit.
                more = fits && page.head.more
            }
        }
    }
}

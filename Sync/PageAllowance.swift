package import Review

/// What of a reply is left for pages: the hub's own bounds, and those that the node asked for.
///
/// The first page is always taken; what follows only as far as it fits.
package struct PageAllowance: Sendable {
    /// About how much one page holds, and how much all of a reply, unpacked.
    private static let page = 256 << 10
    private static let reply = Limits.reply - (1 << 20)
    /// About what a reply holds besides pages: who answers, and for each entry what became of it.
    private static let greeting = 1 << 10
    private static let result = 24

    package let wantsPages: Bool
    /// When the hub has worked on the reply for long enough; nil for as long as it takes.
    private let deadline: Timestamp?
    /// Whether the node asked for less than there may be: only then is what pages take measured.
    private let isMeasured: Bool
    /// As sent.
    private var packedLeft: Int
    private var unpackedLeft: Int
    private var isEmpty = true

    package init(_ budget: ReplyBudget, results: Int, since began: Timestamp) {
        wantsPages = budget.wantsPages
        deadline = began.advanced(byMilliseconds: budget.milliseconds)
        isMeasured = budget.bytes < Limits.reply
        packedLeft = max(0, budget.bytes - Self.greeting - results * Self.result)
        unpackedLeft = Self.reply
    }

    private init(carrying bytes: Int) {
        wantsPages = true
        deadline = nil
        isMeasured = false
        packedLeft = bytes
        unpackedLeft = bytes
    }

    /// What a bundle holds: nobody waits for it, and there is no next request.
    package static let carried = PageAllowance(carrying: Limits.carried / 2)

    /// How much the next page may hold, unpacked.
    package var pageBytes: Int { min(Self.page, packedLeft) }

    /// Whether the reply ends here; never before its first page.
    package func isSpent(at now: Timestamp) -> Bool {
        !isEmpty
            && (unpackedLeft <= 0 || packedLeft < Self.greeting
                || deadline.map { now >= $0 } ?? false)
    }

    /// Takes a page where it fits.
    package mutating func take(_ page: Page) -> Bool {
        if isMeasured {
            let packed = page.packedBytes
            guard isEmpty || packed <= packedLeft else { return false }
            packedLeft -= packed
        }
        unpackedLeft -= page.rows.reduce(0) { sum, row in
            sum + row.document.entry.line.count + (row.document.payload?.count ?? 0)
        }
        isEmpty = isEmpty && page.rows.isEmpty
        return true
    }
}

extension Page {
    /// What it takes of a reply; its own signature is the only part that is not known yet.
    fileprivate var packedBytes: Int {
        Record.body(records(sign: { _ in [] })).count + 128
    }

    /// In the place of what does not fit: no row, and the word that there are some.
    package var postponed: Page {
        Page(
            head: PageHead(
                hubEpoch: head.hubEpoch,
                feed: head.feed,
                from: head.from,
                to: head.from,
                more: !rows.isEmpty
            ),
            rows: []
        )
    }
}

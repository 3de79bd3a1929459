package import Review

/// The node's end of a sync: hand over what is ours, say where we are, take what comes.
///
/// Performs no I/O. Feed it events; carry out the effects it returns in order, each durable before
/// the next. The node drives it over libcurl, the simulator over a network that loses and cuts.
///
///     resting ──start──▶ waiting ──greeting──▶ listening ⟲ receipts, resets, pages
///        └──────carried──▶  │                      │
///                           └──────── closed ──────┴──── end ──▶ over
///
/// - **NothingLost**: an entry leaves the outbox only on a signed receipt that names it.
/// - **NoGaps**: a page applies only if it covers our cursor, rows and new cursor together.
package struct NodeEnd: Sendable {
    package enum Effect: Sendable, Equatable {
        case send([UInt8])
        /// The root key vouches for another key that the hub signs with from now on.
        case learned(key: [UInt8])
        /// The hub's word on who and when it is.
        case greeted(Greeting)
        /// What the hub holds of each log of this device.
        case through([Through], HubName)
        case received(Receipt, [PushResult])
        /// The cursor of this feed starts anew; no row is deleted.
        case reset(feed: String, Cursor)
        case apply(Page, Cursor)
        /// The hub trusts this device no longer; it takes what is handed in, and gives nothing.
        case revoked(Document)
        /// The reply is whole. With `more` the next round trip has something to move.
        case finished(more: Bool)
        /// The sync is over; what the effects before this one say still holds.
        case failed(SyncError)
    }

    private enum State {
        case resting, over
        /// For the answer to a request, or for one that was carried here by hand.
        case waiting(request: Digest)
        case waitingForCarried
        case listening(Greeting)
    }

    private var state = State.resting
    private var reader = FrameReader()
    private var cursors: [String: Cursor] = [:]
    private var pending: (receipts: [Receipt], results: [PushResult]) = ([], [])
    private var through: [Through] = []
    private var page: PageInProgress?
    /// An entry outside of any page, until its payload comes.
    private var loose: Entry?
    private var device = ""
    /// The feeds whose last page said that more of them is to come.
    private var unfinished: Set<String> = []
    /// Of what was carried by hand: the only request whose answer may move a cursor back.
    private var carried: (lastRequest: Digest?, isAnswered: Bool)?
    /// What the hub's words are signed with.
    private var keys: [[UInt8]]
    private let hub: KnownHub
    private let cryptography: Cryptography

    /// What a node knows of its hub: its id, its root key, and the working keys that it vouches for.
    package struct KnownHub: Sendable {
        package let id: String
        package let keys: [[UInt8]]
        /// Those before: what they signed holds, and they sign nothing new.
        package let replaced: [[UInt8]]
        package let root: [UInt8]

        package init(
            id: String,
            keys: [[UInt8]],
            replaced: [[UInt8]] = [],
            root: [UInt8] = []
        ) {
            self.id = id
            self.keys = keys
            self.replaced = replaced
            self.root = root
        }
    }

    package init(hub: KnownHub, cryptography: Cryptography) {
        self.hub = hub
        keys = hub.keys
        self.cryptography = cryptography
    }
}

// MARK: - Going up

extension NodeEnd {
    /// Begins: the outbox in order of seq, as much as one request holds, and a cursor a feed.
    ///
    /// `held` is what a hub that went back may lack, before the outbox: cases before their verdicts.
    /// `receipts` are its own for what it seems to have lost.
    package mutating func start(
        _ hello: Hello,
        outbox: [Document],
        held: [Document] = [],
        receipts: [JSON] = [],
        deltas: [Delta],
        cursors: [Cursor],
        asking budget: ReplyBudget = .whole
    ) -> [Effect] {
        guard case .resting = state else {
            preconditionFailure("a sync starts once")  // Our own driver is wrong.
        }
        device = hello.log.device
        self.cursors = Dictionary(cursors.map { ($0.feed, $0) }) { first, _ in first }
        var records: [Record] = [.word(.hello, hello.json)]
        records += cursors.map { .word(.cursor, $0.json) }
        records.append(.word(.budget, budget.json))
        records += deltas.map { .delta(signature: $0.signature, line: $0.line) }
        records += receipts.map { .word(.receipt, $0) }
        records += (held + outbox).flatMap(Record.document)
        records.append(.word(.end, [:]))
        let body = Record.body(records)
        state = .waiting(request: cryptography.hash(body))
        return [.send(body)]
    }
}

// MARK: - Carried by hand

extension NodeEnd {
    /// Begins with a reply that comes in a file: to whichever request, perhaps late, perhaps again.
    ///
    /// What it holds from before the cursors is passed over. `lastRequest` is the body that was
    /// handed in last and has no answer yet.
    package mutating func take(
        carriedFor device: String,
        lastRequest: Digest?,
        cursors: [Cursor]
    ) {
        guard case .resting = state else {
            preconditionFailure("a sync starts once")  // Our own driver is wrong.
        }
        self.device = device
        self.cursors = Dictionary(cursors.map { ($0.feed, $0) }) { first, _ in first }
        carried = (lastRequest, false)
        state = .waitingForCarried
    }

    /// Whose reply it is, and the feeds that start anew because the hub did.
    private mutating func carriedGreeting(_ json: JSON) throws(SyncError) -> [Effect] {
        let greeting = try self.greeting(json)
        let lastRequest = carried?.lastRequest
        carried = (lastRequest, isAnswered: lastRequest == greeting.request)
        let others = cursors.values.filter { $0.hubEpoch != greeting.hub.epoch }.map(\.feed)
        return [.greeted(greeting)]
            + others.sorted().map { .reset(feed: $0, restart($0, greeting.hub)) }
    }
}

// MARK: - Coming down

extension NodeEnd {
    /// Takes the next bytes of the reply, as many as there are.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [Effect] {
        if case .over = state { return [] }
        var effects: [Effect] = []
        do throws(SyncError) {
            for frame in try frames(bytes) {
                for record in frame { effects += try handle(record) }
            }
        } catch {
            state = .over
            effects.append(.failed(error))
        }
        return effects
    }

    /// The connection ended, for whatever reason.
    ///
    /// After a whole reply this says nothing new.
    package mutating func closed(_ reason: String) -> [Effect] {
        if case .over = state { return [] }
        state = .over
        return [.failed(.unreachable(reason: reason))]
    }

    private mutating func frames(_ bytes: some Sequence<UInt8>) throws(SyncError) -> [[Record]] {
        do throws(WireError) {
            var frames: [[Record]] = []
            for frame in try reader.take(bytes) { frames.append(try Record.read(frame: frame)) }
            return frames
        } catch .notOurs {
            throw .notTheHub(reason: "the body is not a sync")
        } catch {
            throw .damaged(reason: "\(error)")
        }
    }

    private mutating func handle(_ record: Record) throws(SyncError) -> [Effect] {
        let told = tellThrough(before: record)
        return told + (try next(record))
    }

    /// All that was told of this device's logs, once something else comes.
    private mutating func tellThrough(before record: Record) -> [Effect] {
        if case .word(.through, _) = record { return [] }
        guard case .listening(let greeting) = state, !through.isEmpty else { return [] }
        defer { through = [] }
        return [.through(through, greeting.hub)]
    }

    private mutating func next(_ record: Record) throws(SyncError) -> [Effect] {
        switch (state, record) {
        case (.waiting, .word(.hubKey, let json)), (.waitingForCarried, .word(.hubKey, let json)):
            return try learn(json)
        case (.waiting(let request), .word(.hub, let json)):
            let greeting = try greeting(json)
            guard greeting.request == request else {
                throw .badSignature(what: "an answer to another request")
            }
            return [.greeted(greeting)]
        case (.waitingForCarried, .word(.enrolled, _)): return []  // Read before, or not news.
        case (.waitingForCarried, .word(.hub, let json)): return try carriedGreeting(json)
        case (.waiting, _), (.waitingForCarried, _):
            throw .notTheHub(reason: "no greeting came first")
        case (.listening, .word(.receipt, let json)):
            pending.receipts.append(try receipt(json))
            return []
        case (.listening, .word(.result, let json)):
            guard let result = PushResult(json: json) else { throw .unread(reason: "a result") }
            pending.results.append(result)
            return []
        case (.listening, .word(.through, let json)):
            guard let told = Through(json: json) else { throw .unread(reason: "a through") }
            through.append(told)
            return []
        case (.listening(let greeting), .word(.reset, let json)):
            guard let feed = json["feed"]?.string else { throw .unread(reason: "a reset") }
            // One that was carried here late must not undo what came since.
            guard carried?.isAnswered ?? true else { return try received() }
            return try received() + [.reset(feed: feed, restart(feed, greeting.hub))]
        case (.listening(let greeting), .word(.page, let json)):
            return try received() + (try begin(page: json, greeting.hub))
        case (.listening, .row(let seq, let json)):
            guard page != nil, let hubSeq = json["hubSeq"]?.integer else {
                throw .damaged(reason: "a row outside of a page")
            }
            let isErased = json["erased"]?.bool ?? false
            return try page?.begin(row: seq, hubSeq: hubSeq, isErased: isErased) ?? []
        case (.listening, .entry(let signature, let line)) where page == nil:
            loose = try? Entry(line: line, signature: signature, hash: cryptography.hash)
            return []
        case (.listening, .payload(let hash, let bytes)) where page == nil:
            return try received() + (try revoked(hash, bytes))
        case (.listening, .entry(let signature, let line)):
            try page?.add(entry: line, signature, cryptography.hash)
            return try finishPage()
        case (.listening, .payload(let hash, let bytes)):
            try page?.add(payload: bytes, hash, cryptography.hash)
            return try finishPage()
        case (.listening, .word(.end, _)):
            guard page == nil else { throw .damaged(reason: "a page without its last rows") }
            let effects = try received()
            state = .over
            return effects + [.finished(more: !unfinished.isEmpty)]
        case (.listening, _), (.over, _), (.resting, _): return []
        }
    }
}

// MARK: - Pieces

extension NodeEnd {
    /// Believes a key that the root vouches for, before anything that it signed; one that was
    /// replaced never again.
    private mutating func learn(_ json: JSON) throws(SyncError) -> [Effect] {
        guard let chain = HubChain(json: json), chain.holds(under: hub.root, cryptography),
            !hub.replaced.contains(chain.key)
        else { throw .otherKey }
        if keys.contains(chain.key) { return [] }
        keys = [chain.key]
        return [.learned(key: chain.key)]
    }

    private mutating func greeting(_ json: JSON) throws(SyncError) -> Greeting {
        guard let greeting = Greeting(json: json), greeting.hub.id == hub.id else {
            throw .notTheHub(reason: "another hub answered")
        }
        guard SignedRecord.holds(json, as: .hub, keys: keys, cryptography) else {
            let isReplaced = SignedRecord.holds(json, as: .hub, keys: hub.replaced, cryptography)
            throw isReplaced ? .otherKey : .badSignature(what: "a greeting")
        }
        state = .listening(greeting)
        return greeting
    }

    private func receipt(_ json: JSON) throws(SyncError) -> Receipt {
        guard let receipt = Receipt(json: json) else { throw .unread(reason: "a receipt") }
        guard SignedRecord.holds(json, as: .receipt, keys: keys, cryptography) else {
            throw .badSignature(what: "a receipt")
        }
        return receipt
    }

    /// The hub's signed word about this device; anything else outside of a page is passed over.
    private mutating func revoked(
        _ hash: Digest,
        _ payload: [UInt8]
    ) throws(SyncError) -> [Effect] {
        defer { loose = nil }
        guard let entry = loose, entry.kind == .revocation, entry.payload == hash,
            entry.log.device == hub.id
        else { return [] }
        let document = Document(entry: entry, payload: payload)
        let isSigned = keys.contains { key in
            (try? document.verify(by: key, cryptography)) != nil
        }
        guard isSigned else { throw .badSignature(what: "a revocation") }
        guard let revocation = (try? document.content()).flatMap({ try? Revocation(json: $0) }),
            revocation.device == device
        else { return [] }
        return [.revoked(document)]
    }

    /// The receipts whose results have all come, checked against the digest they sign.
    private mutating func received() throws(SyncError) -> [Effect] {
        defer { pending = ([], []) }
        var effects: [Effect] = []
        // In order: of a log that was copied, two entries may have one place.
        var stored = pending.results.filter(\.result.isStored)[...]
        for receipt in pending.receipts {
            let results = Array(stored.prefix(Int(receipt.to - receipt.from + 1)))
            stored = stored.dropFirst(results.count)
            guard Receipt.digest(of: results, hash: cryptography.hash) == receipt.results else {
                throw .badSignature(what: "results")
            }
            effects.append(.received(receipt, results))
        }
        return effects
    }

    private mutating func restart(_ feed: String, _ hub: HubName) -> Cursor {
        let cursor = Cursor(
            hubEpoch: hub.epoch,
            feed: feed,
            head: FeedHead(hub: hub, feed: feed, hash: cryptography.hash)
        )
        cursors[feed] = cursor
        return cursor
    }

    private mutating func begin(page json: JSON, _ hub: HubName) throws(SyncError) -> [Effect] {
        guard page == nil else { throw .damaged(reason: "a page without its last rows") }
        guard let head = PageHead(json: json) else { throw .unread(reason: "a page") }
        guard SignedRecord.holds(json, as: .page, keys: keys, cryptography) else {
            throw .badSignature(what: "a page")
        }
        guard head.hubEpoch == hub.epoch else { throw .unread(reason: "a page of another epoch") }
        page = PageInProgress(head: head)
        return try finishPage()
    }

    private mutating func finishPage() throws(SyncError) -> [Effect] {
        guard let page = page?.whole, case .listening(let greeting) = state else { return [] }
        self.page = nil
        let feed = page.head.feed
        let cursor = cursors[feed] ?? restart(feed, greeting.hub)
        if page.head.more { unfinished.insert(feed) } else { unfinished.remove(feed) }
        if carried != nil, page.head.to.seq < cursor.head.seq { return [] }
        guard let end = page.end(after: cursor.head, hash: cryptography.hash) else {
            throw .brokenFeed(feed: feed, after: cursor.head.seq)
        }
        let next = Cursor(hubEpoch: greeting.hub.epoch, feed: feed, head: end)
        cursors[feed] = next
        return [.apply(page, next)]
    }
}

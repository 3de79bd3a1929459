import HubStore
import Review
import Sync

extension HubOffice {
    /// Codes that a stored entry can have, by the result they belong to (`HubDraft.push`).
    private static let codes: [PushResult.Word: Set<String>] = [
        .accepted: ["", HubDraft.recoveredCode, HubDraft.erasedCode],
        .deferred: ["payloadMissing", "caseMissing", "revisionMissing", HubDraft.revokedCode],
        .rejected: [
            "badSignature", "payloadHash", "notForNodes", "badPayload", "otherReviewer",
            "otherCase", "notAssigned", "unknownLabel", "notBlind", HubDraft.notApprovedCode,
        ],
    ]

    func checkPayload(
        _ accepted: Writes.Accepted,
        _ read: LogsRead,
        _ verification: inout Verification
    ) {
        let document = accepted.document
        guard let payload = document.payload else {
            if accepted.code != "payloadMissing", !read.erased.contains(document.entry.payload) {
                verification.fail("payload", document.entry.uid, "its bytes are missing")
            }
            return
        }
        let holds = sha256(payload) == document.entry.payload
        if holds == (accepted.code == "payloadHash") {
            verification.fail("payload", document.entry.uid, "its bytes have another hash")
        }
    }

    /// An entry is its device's own, or was rejected because it is not.
    func checkSignature(
        _ accepted: Writes.Accepted,
        _ devices: [String: Device],
        _ read: LogsRead,
        _ verification: inout Verification
    ) {
        let entry = accepted.document.entry
        let keys =
            entry.log.device == store.hubID
            ? read.hubKeys : [devices[entry.log.device]?.key].compactMap { $0 }
        let message = Entry.message(for: entry.uid)
        verification.signatures += 1
        let holds = keys.contains { Cryptography.crypto.verify(entry.signature, message, $0) }
        if holds == (accepted.code == "badSignature") {
            verification.fail("signature", entry.uid, "it was not made by \(entry.log.device)")
        }
    }

    func checkResult(
        _ accepted: Writes.Accepted,
        _ devices: [String: Device],
        _ verification: inout Verification
    ) {
        let uid = accepted.document.entry.uid
        let all = Self.codes.values.reduce(into: Set()) { $0.formUnion($1) }
        // A fork keeps the code of what it would have been.
        let fits = (accepted.result == .forked ? all : Self.codes[accepted.result]) ?? []
        if !fits.contains(accepted.code) {
            verification.fail(
                "result",
                uid,
                "\(accepted.result.rawValue) and \(accepted.code.debugDescription) do not fit"
            )
        }
        let device = accepted.document.entry.log.device
        let author = device == store.hubID ? "" : devices[device]?.reviewer
        if accepted.reviewer != author {
            verification.fail("reviewer", uid, "it is kept as another's")
        }
    }

    /// Every feed's rows, dense and chained from its beginning to the end that is kept.
    func checkFeeds(_ verification: inout Verification) throws {
        let held = try store.read(Wanted())
        for (feed, end) in held.feeds.sorted(by: { $0.key < $1.key }) {
            verification.feeds += 1
            var place = FeedHead(hub: held.hub, feed: feed, hash: sha256)
            while true {
                let rows = try store.feedHeads(feed, after: place.seq, limit: Self.batch)
                for row in rows {
                    verification.rows += 1
                    let next = place.appending(row.uid, hash: sha256)
                    if next != row.head {
                        verification.fail("feed", "\(feed) \(row.head.seq)", "its chain is broken")
                    }
                    place = row.head  // So that one change is told once or twice, not to the end.
                }
                if rows.count < Self.batch { break }
            }
            if place != end { verification.fail("feed", feed, "its end is not the one kept") }
        }
    }
}

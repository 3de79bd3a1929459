import Replica
package import Review
import Storage
import Sync

/// What `verify` found on this replica, with no network.
package struct Verification: Sendable {
    package struct Failure: Sendable, Equatable {
        package let what: String
        package let place: String
        package let reason: String
    }

    package private(set) var entries = 0
    package private(set) var signatures = 0
    package private(set) var receipts = 0
    package private(set) var rows = 0
    package private(set) var attachments = 0
    package private(set) var failures: [Failure] = []

    package var json: JSON {
        [
            "entries": .integer(entries), "signatures": .integer(signatures),
            "receipts": .integer(receipts), "rows": .integer(rows),
            "attachments": .integer(attachments),
            "failures": .array(
                failures.map {
                    [
                        "what": .string($0.what), "where": .string($0.place),
                        "reason": .string($0.reason),
                    ]
                }
            ),
        ]
    }
}

extension Desk {
    /// Checks every byte that is kept: lines, payloads, signatures, chains, receipts, feeds.
    package func verify() throws -> Verification {
        var verification = Verification()
        try verification.check(replica)
        verification.check(blobs)
        return verification
    }
}

extension Verification {
    fileprivate mutating func check(_ blobs: BlobFolder) {
        for digest in blobs.all() {
            attachments += 1
            if !blobs.holds(digest) {
                fail("attachment", digest.description, "its bytes have another hash")
            }
        }
    }

    fileprivate mutating func check(_ replica: ReplicaFile) throws {
        let identity = replica.identity
        let vouched = try replica.hubKeys().filter { $0.holds(under: identity.root, .system) }
        let working = try replica.workingKeys() + vouched.map(\.key)
        var keys: [String: [[UInt8]]] = [
            identity.device: [identity.key], identity.hub: working,
        ]
        for (device, key) in try replica.certificates() { keys[device, default: []].append(key) }
        let erased = try replica.erasedPayloads()
        let purged = try replica.purgedEntries()
        var previous: [String: Digest] = [:]
        try replica.eachEntry { document, isOwn in
            check(document, keys[document.entry.log.device] ?? []) { entry in
                erased.contains(entry.payload) || purged.contains(entry.uid)
            }
            guard isOwn else { return }
            if document.entry.prev != previous[document.entry.log.epoch] {
                fail(
                    "chain",
                    document.entry.uid.description,
                    "it does not follow on the entry before"
                )
            }
            previous[document.entry.log.epoch] = document.entry.uid
        }
        for json in try replica.receipts() { check(receipt: json, working) }
        for feed in try replica.cursors() { try check(feed, replica) }
    }

    private mutating func check(
        _ document: Document,
        _ keys: [[UInt8]],
        mayLackPayload: (Entry) -> Bool
    ) {
        let cryptography = Cryptography.system
        let entry = document.entry
        entries += 1
        let read = try? Entry(
            line: entry.line,
            signature: entry.signature,
            hash: cryptography.hash
        )
        if read != entry { fail("entry", entry.uid.description, "its line is not what it was") }
        do throws(EntryError) {
            try document.verifyPayload(cryptography.hash)
        } catch {
            let isGone = error == .payloadMissing && mayLackPayload(entry)
            if !isGone { fail("payload", entry.uid.description, "\(error)") }
        }
        let message = Entry.message(for: entry.uid)
        if keys.contains(where: { cryptography.verify(entry.signature, message, $0) }) {
            signatures += 1
        } else {
            fail("signature", entry.uid.description, "no certified key of its device made it")
        }
    }

    private mutating func check(receipt json: JSON, _ keys: [[UInt8]]) {
        receipts += 1
        if !SignedRecord.holds(json, as: .receipt, keys: keys, .system) {
            fail("receipt", json["from"]?.canonical ?? "?", "the hub's key did not sign it")
        }
    }

    private mutating func check(_ cursor: Cursor, _ replica: ReplicaFile) throws {
        var head = FeedHead(
            hub: HubName(id: replica.identity.hub, epoch: cursor.hubEpoch),
            feed: cursor.feed,
            hash: Cryptography.system.hash
        )
        for (seq, uid) in try replica.feedRows(cursor) {
            rows += 1
            guard seq == head.seq + 1 else {
                return fail("feed", cursor.feed, "row \(head.seq + 1) is missing")
            }
            head = head.appending(uid, hash: Cryptography.system.hash)
        }
        if head != cursor.head { fail("feed", cursor.feed, "its rows do not lead to its cursor") }
    }

    private mutating func fail(_ what: String, _ place: String, _ reason: String) {
        failures.append(Failure(what: what, place: place, reason: reason))
    }
}

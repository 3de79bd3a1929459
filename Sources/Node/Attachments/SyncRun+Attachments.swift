import Replica
import Review
import Storage
import Sync

extension SyncRun {
    /// Fetches what cases name and is not here, one file after the other, until a budget is spent;
    /// whether it came to the end.
    ///
    /// What came of a file stays, whatever happens, and is not fetched again.
    mutating func fetchAttachments(of name: CaseName?) throws -> Bool {
        var wrong: [Digest] = []
        for blob in try desk.replica.attachments(of: name) where !desk.isHere(blob) {
            switch try fetch(blob) {
            case .here: summary.attachments.fetched += 1
            case .missing: summary.attachments.missing += 1
            case .wrong: wrong.append(blob.digest)
            case .budgetSpent: return false
            }
        }
        if let wrong = wrong.first { throw NodeError.wrongAttachment(wrong) }
        return true
    }

    private enum Fetched { case here, missing, wrong, budgetSpent }

    /// Fetches one file; what proves to be another is fetched anew once.
    private mutating func fetch(_ blob: NamedBlob) throws -> Fetched {
        for _ in 0..<2 {
            let part = try BlobPart(of: blob.digest, in: desk.blobs)
            if part.size > blob.bytes { try part.restart() }
            if let ended = try fill(part, with: blob) { return ended }
            do {
                try part.finish()
                return .here
            } catch BlobError.wrongContent {}
        }
        return .wrong
    }

    /// Nil once all bytes are there, else why not.
    private mutating func fill(_ part: BlobPart, with blob: NamedBlob) throws -> Fetched? {
        do {
            while part.size < blob.bytes {
                guard let room = room(for: blob.bytes - part.size) else { return .budgetSpent }
                try ask(for: blob, room, into: part)
            }
            return nil
        } catch is OutOfTime {
            return .budgetSpent
        } catch is OtherFile {
            try part.restart()
            return .wrong
        } catch NodeError.refused(let refusal) where refusal.status == 404 {
            if part.size == 0 { desk.blobs.remove(blob.digest) }
            return .missing
        } catch NodeError.refused(let refusal) where refusal.status == 416 {
            try part.restart()
            return .wrong
        }
    }

    /// How many bytes may be asked for now, nil for none.
    ///
    /// A sync that has moved nothing else moves some of a file, so that all are here in the end.
    private func room(for rest: Int) -> Int? {
        let left = left
        if summary.hasMoved, left.isOutOfTime { return nil }
        let room = min(rest, left.bytes ?? rest)
        if room > 0 { return room }
        return summary.hasMoved ? nil : min(rest, Budget.leastBytes)
    }

    private mutating func ask(for blob: NamedBlob, _ room: Int, into part: BlobPart) throws {
        do {
            try askOnce(for: blob, room, into: part)
        } catch NodeError.refused(let refusal) where refusal.code == "clock" {
            try correctClock(by: refusal)
            try askOnce(for: blob, room, into: part)
        } catch NodeError.refused(let refusal) where refusal.code == "replayed" {
            try askOnce(for: blob, room, into: part)  // Something between said it twice.
        }
    }

    /// Asks for the next `room` bytes, and appends what comes of them.
    private mutating func askOnce(for blob: NamedBlob, _ room: Int, into part: BlobPart) throws {
        var end = part.size + room
        let request = try signed(
            .get,
            "/v1/blobs/" + blob.digest.bytes.hexadecimal,
            headers: [("range", "bytes=\(part.size)-\(end - 1)")],
            replyLimit: Attachment.limit + 1
        )
        var hasBegun = false
        var problem: [UInt8] = []
        let head = try exchange(request) { head, piece in
            guard head.isBlob else {
                problem += piece.prefix(max(0, 64 << 10 - problem.count))
                return
            }
            if !hasBegun {
                end = try Self.begin(part, head, blob, upTo: end)
                hasBegun = true
            }
            let taken = Array(piece.prefix(end - part.size))
            try part.append(taken)
            summary.attachments.bytes += taken.count
            summary.durationMilliseconds = elapsed
            onProgress(summary)
            if taken.count < piece.count { throw OtherFile() }
            if part.size < end, left.isOutOfTime { throw OutOfTime() }
        }
        guard head.isBlob else { throw refusal(of: [], head, problem) }
        guard hasBegun else { throw SyncError.damaged(reason: "an attachment came without bytes") }
    }

    /// Looks at what begins to come, and returns where it is to end.
    ///
    /// What stands between may know no ranges: then the file comes from its beginning, and whole.
    private static func begin(
        _ part: BlobPart,
        _ head: WireHead,
        _ blob: NamedBlob,
        upTo end: Int
    ) throws -> Int {
        guard head.status == 206 else {
            try part.restart()
            return blob.bytes
        }
        guard let range = head.range, range.first == part.size else {
            throw SyncError.damaged(
                reason: "it is another part of an attachment than was asked for"
            )
        }
        guard range.size == blob.bytes else { throw OtherFile() }
        return end
    }
}

/// What comes is larger or smaller than the case says, and so another file.
private struct OtherFile: Error {}

extension WireHead {
    /// Whether the body is of a blob; a sign-in page is none.
    fileprivate var isBlob: Bool {
        (status == 200 || status == 206) && mediaType == "application/vnd.countersign.blob"
    }

    /// What `Content-Range` says: where the body begins, and how large the whole is.
    fileprivate var range: (first: Int, size: Int)? {
        guard let text = contentRange, text.hasPrefix("bytes ") else { return nil }
        let numbers = text.dropFirst(6).split { $0 == "-" || $0 == "/" }.map { Int($0) }
        guard numbers.count == 3, let first = numbers[0], let size = numbers[2] else { return nil }
        return (first, size)
    }
}

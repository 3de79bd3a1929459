import HubStore
import Review
package import Storage
import Sync

// Attachments as files: who may have which, and how they come in.

extension HubOffice {
    package var blobs: BlobFolder { BlobFolder(path: folder.file("blobs")) }

    /// The file that a device asks for, where a row of its reviewer's feeds names it.
    ///
    /// Whether it is here at all, nobody else is told. One that is damaged counts as not here: a
    /// node would only fetch it in vain.
    func blob(_ text: String, for call: SyncCall) throws -> BlobFile {
        let (device, _) = try identify(call, sha256(call.body))
        guard device.revocation == nil else {
            throw HubFailure(
                "revoked",
                "this device was revoked; the hub takes what it hands in, and gives it nothing",
                hint: "hand in what waits: `countersign sync`",
                kind: .notAllowed
            )
        }
        let feeds = [FeedName.hub, FeedName.reviewer(device.reviewer)]
        guard let digest = Attachment.digest(text), try store.names(digest, in: feeds) else {
            throw HubFailure(
                "noSuchBlob",
                "nothing that was sent to this device names the attachment \(text)",
                hint: "see what there is: `countersign list`",
                kind: .notFound
            )
        }
        guard let file = BlobFile(path: blobs.file(digest)),
            checkedBlobs.isWhole(file, in: blobs, as: digest)
        else {
            throw HubFailure(
                "blobNotHere",
                "the attachment \(text) has not come to the hub yet, or is damaged there",
                hint: "try again later: `countersign sync`",
                kind: .notFound
            )
        }
        return file
    }

    /// How much of a blob is here, for a caller who brings it.
    func progress(of digest: Review.Digest) -> (bytes: Int, isWhole: Bool) {
        if let size = blobs.size(of: digest) { return (size, true) }
        return (blobs.partSize(of: digest), false)
    }

    /// The part that the bytes of an upload go to; nil where the file is here as it should be.
    func upload(_ digest: Review.Digest, _ range: UploadRange?) throws -> BlobPart? {
        if let size = range?.size, size > Attachment.limit { throw Self.blobTooLarge }
        if blobs.holds(digest) { return nil }
        let part = try BlobPart(of: digest, in: blobs)
        switch range?.first {
        case nil, 0?: try part.restart()
        case part.size?: break
        default:
            part.letGo()
            throw HubFailure(
                "wrongOffset",
                "the upload goes on at byte \(part.size); what has come so far is kept",
                hint: "send the bytes from \(part.size) on",
                kind: .refused,
                details: ["offset": .integer(part.size)]
            )
        }
        return part
    }

    /// Adds bytes of an upload, as many as were announced at the most.
    func extend(_ part: BlobPart, by bytes: [UInt8], within range: UploadRange?) throws {
        let end = range.map { $0.first + $0.count } ?? Attachment.limit
        guard part.size + bytes.count <= end else {
            if range == nil { try part.restart() }
            throw Self.blobTooLarge
        }
        try part.append(bytes)
    }

    /// After the last byte of a request: the file is here now, or the next request goes on.
    func close(_ part: BlobPart, within range: UploadRange?) throws {
        guard part.size == range?.size ?? part.size else { return }
        do { try part.finish() } catch BlobError.wrongContent(let digest) {
            throw HubFailure(
                "wrongContent",
                "what came is not \(digest); nothing of it was kept",
                hint: "check the hash, and send the file again",
                kind: .wrongContent
            )
        }
    }

    static var blobTooLarge: HubFailure {
        HubFailure(
            "tooLarge",
            "an attachment has at most \(Attachment.limit) bytes (64 MiB), and no more than was "
                + "announced; this one has more and was not taken",
            hint: "send a smaller one",
            kind: .tooLarge
        )
    }

    static func blobName(_ text: String) throws -> Review.Digest {
        guard let digest = Attachment.digest(text) else {
            throw HubFailure(
                "badHash",
                "\(text) is not the SHA-256 of a file; nothing was taken",
                hint: "it has 64 digits, as `sha256sum FILE` prints them",
                kind: .badInput
            )
        }
        return digest
    }
}

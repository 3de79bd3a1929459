package import Replica
import Review
package import Storage

extension Desk {
    /// Where attachments lie.
    package var blobs: BlobFolder { home.blobs }

    /// Whether a file is here, as large as the case says; every byte is checked when it is opened.
    func isHere(_ blob: NamedBlob) -> Bool { blobs.size(of: blob.digest) == blob.bytes }

    /// What is here of the attachments that a reviewer sees with a case.
    func heldFiles(of subject: ReplicaCase, _ view: CaseView) throws -> HeldFiles {
        let all = Attachment.all(in: view.content)
        if all.isEmpty { return HeldFiles() }
        return HeldFiles(
            here: Set(all.filter { blobs.size(of: $0.digest) == $0.bytes }.map(\.digest)),
            opened: try replica.opened(of: subject.key)
        )
    }

    /// Removes the files, and parts of them, that only erased or purged cases name.
    ///
    /// They are forgotten afterwards, so that one who was killed in between does it again.
    func removeUnnamedFiles() throws {
        let files = try replica.filesToRemove()
        if files.isEmpty { return }
        let bytes = files.reduce(0) { $0 + (blobs.size(of: $1) ?? blobs.partSize(of: $1)) }
        for file in files { blobs.remove(file) }
        try replica.apply(.removedFiles(bytes: bytes), at: now())
    }

    /// The path of an attachment, checked and ready for another program, which is remembered.
    ///
    /// One that is damaged is removed, so that the next sync fetches it again.
    package func open(attachment number: Int, of subject: ReplicaCase) throws -> String {
        guard let view = CaseView(subject, for: reviewer) else {
            throw NodeError.purged(subject.name)
        }
        let all = Attachment.all(in: view.content)
        guard all.indices.contains(number - 1) else {
            throw NodeError.noAttachment(view.name, number, count: all.count)
        }
        let attachment = all[number - 1]
        guard blobs.size(of: attachment.digest) != nil else {
            throw NodeError.attachmentNotHere(view.name, number)
        }
        guard blobs.holds(attachment.digest) else {
            blobs.remove(attachment.digest)
            throw NodeError.attachmentDamaged(view.name, number)
        }
        var commitment = Commitment()
        commitment.opened = (subject.key, attachment.digest)
        try note(commitment)
        return FileExtension.of(attachment.mediaType).map {
            blobs.file(attachment.digest, extension: $0)
        } ?? blobs.file(attachment.digest)
    }

    /// A sync that fetches the attachments of one case, and nothing else.
    package func orderAttachments(of text: String) throws -> SyncOrder {
        var order = SyncOrder()
        order.attachments = .only([try find(text).name])
        return order
    }

    /// The same by the name of the case, as a command asks for it.
    package func openReport(_ text: String, attachment number: Int) throws -> (Report, path: String)
    {
        let subject = try find(text)
        let path = try open(attachment: number, of: subject)
        let json: JSON = [
            "case": subject.name.json, "attachment": .integer(number), "path": .string(path),
        ]
        return (Report(json, [path]), path)
    }
}

import Review

/// What is on this machine of a case's attachments.
struct HeldFiles: Sendable, Equatable {
    var here: Set<Digest> = []
    /// Those that were opened here.
    var opened: Set<Digest> = []

    /// `1 receipt.jpg  48 KB`, and whether it can be looked at.
    func line(_ number: Int, _ attachment: Attachment) -> String {
        let size = AttachmentTally.kilobytes(attachment.bytes)
        let state =
            !here.contains(attachment.digest)
            ? ", not here yet" : opened.contains(attachment.digest) ? ", opened" : ""
        return "\(number) \(attachment.name)  \(size)\(state)"
    }
}

/// A file that belongs to a case, which names it by its content; the file travels by itself.
package struct Attachment: Sendable, Equatable {
    /// What its caller calls it, and never the name of a file here.
    package let name: String
    package let digest: Digest
    package let bytes: Int
    package let mediaType: String?

    /// The largest: 64 MiB.
    package static let limit = 64 << 20

    /// Reads an element of `attachments`, or returns nil where it does not say which file it is.
    package init?(json: JSON) {
        guard let name = json["name"]?.string, let bytes = json["bytes"]?.integer, bytes >= 0,
            let digest = json["sha256"]?.string.flatMap(Self.digest)
        else { return nil }
        self.name = name
        self.digest = digest
        self.bytes = Int(clamping: bytes)
        mediaType = json["mediaType"]?.string
    }

    /// What the content of a case lists, in its order.
    package static func all(in content: JSON) -> [Attachment] {
        (content["attachments"]?.array ?? []).compactMap { Attachment(json: $0) }
    }

    /// The hash of a file, written as 64 digits or with `sha256:` before them.
    package static func digest(_ text: String) -> Digest? {
        Digest(text.hasPrefix("sha256:") ? text : "sha256:" + text)
    }
}

import Review

/// What a sync fetched of attachments.
package struct AttachmentTally: Sendable, Equatable {
    /// How many came whole.
    package var fetched = 0
    /// How many bytes came, of parts too; what was here before came earlier.
    package var bytes = 0
    /// How many the hub does not have yet.
    package var missing = 0

    var hasMoved: Bool { bytes > 0 || fetched > 0 }

    /// What a summary says of them, nil where there is nothing to say.
    var sentence: String? {
        hasMoved
            ? "\(fetched) \(fetched == 1 ? "attachment" : "attachments"), \(Self.kilobytes(bytes))"
            : nil
    }

    var missingSentence: String? {
        missing > 0
            ? "\(missing) \(missing == 1 ? "attachment" : "attachments") not at the hub yet" : nil
    }

    var json: JSON {
        [
            "fetched": .integer(fetched), "bytes": .integer(bytes), "missing": .integer(missing),
        ]
    }

    /// As the page of a case tells sizes: rounded up.
    static func kilobytes(_ bytes: Int) -> String { "\((bytes + 1023) / 1024) KB" }
}

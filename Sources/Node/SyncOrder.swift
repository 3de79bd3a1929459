import Sync

/// What kind of sync is asked for.
package struct SyncOrder: Sendable {
    /// Wait for another sync on this machine to end.
    package var waits = false
    /// The most that may move, up and down together, and the longest it may take.
    package var maxBytes: Int?
    package var maxMilliseconds: Int64?
    /// Hand in counts, and nothing else either way.
    package var deltasOnly = false
    package var attachments = AttachmentScope.waiting
    /// Nobody asked for it just now: it keeps its distance after failures.
    package var isUnattended = false

    package init() {}

    var budget: Budget { Budget(bytes: maxBytes, milliseconds: maxMilliseconds) }

    /// How long it waits for another sync, nil for as long as that takes.
    var patience: Int64? { waits ? maxMilliseconds : 0 }
}

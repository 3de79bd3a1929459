package import Review

/// Which attachments a sync fetches.
package enum AttachmentScope: Sendable, Equatable {
    case none
    /// Those of the cases that wait for an answer, after everything else has come.
    case waiting
    /// Those of these cases, and nothing else is asked for.
    case only([CaseName])
}

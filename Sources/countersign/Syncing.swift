import Console
import Node
import SyncTransport

/// A sync as a command: what it says on the way and at the end, and how the process exits.
struct Syncing {
    private let desk: Desk
    private let order: SyncOrder
    private let output: PrintOptions

    init(_ desk: Desk, _ order: SyncOrder, _ output: PrintOptions) {
        self.desk = desk
        self.order = order
        self.output = output
    }

    func run(at address: String, trace path: String? = nil) throws {
        let summary = try summary(at: address, trace: path)
        if !(isSilent && summary.isQuiet) { try output.print(summary.report) }
        if let code = summary.exitCode { throw Ended(code: code) }
    }

    private var isSilent: Bool { output.quiet || order.isUnattended }

    /// What was moved, for a command that has more to say.
    func summary(at address: String, trace path: String? = nil) throws -> SyncSummary {
        var progress = Progress(on: .notes, look: Look(of: .notes))
        var sync = SyncRun(
            desk,
            order,
            pace: .system,
            trace: try path.map { try Trace(path: $0) },
            isLasting: { [.notAllowed, .tooOld].contains(CommandFailure(any: $0).exitCode) },
            exchange: try exchange(with: address, desk.hubAuthority),
            onProgress: { summary in
                if !isSilent { progress.tell(summary.progress, at: summary.durationMilliseconds) }
            }
        )
        let ended = Result { try sync.run() }
        progress.end()
        switch ended {
        case .success(let summary): return summary
        case .failure(let error):
            let failure = CommandFailure(any: error)
            // Offline is nothing new to a timer: the next one tries again.
            let isNews = !(order.isUnattended && failure.exitCode == .tryLater)
            if output.json, isNews {
                let isBusy = NodeFailure(error).kind == .busy
                try output.print(sync.summary.report(of: isBusy ? "busy" : failure.syncResult))
            }
            throw isNews ? failure : Ended(code: failure.exitCode)
        }
    }
}

extension SyncSummary {
    /// The exit code of a sync that came to an end, nil where it caught up.
    fileprivate var exitCode: Console.ExitCode? {
        if end == .budget { return .budgetSpent }
        if end == .attachments { return attachments.missing == 0 ? nil : .partlyDone }
        return isCaughtUp ? nil : .partlyDone
    }
}

extension CommandFailure {
    /// The word that `sync --json` has for how it ended.
    fileprivate var syncResult: String {
        switch exitCode {
        case .tryLater: "offline"
        case .refused: "refused"
        case .tooOld: "tooOld"
        case .notAllowed: "notAllowed"
        case .cannotWrite: "diskFull"
        default: "failed"
        }
    }
}

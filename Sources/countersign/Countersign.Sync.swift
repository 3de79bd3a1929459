import ArgumentParser
import Console
import Glibc
import Node
import SyncTransport

extension Countersign {
    struct Sync: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hand in verdicts, and fetch cases and outcomes.",
            usage: """
                countersign sync
                countersign sync --max-time 30s --max-bytes 200000
                """
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Flag(help: "Wait for another sync on this machine to end.") var wait = false
        @Option(help: "Stop after so long, such as 30s or 2m; run again to go on.")
        var maxTime: TimeLimit?
        @Option(help: "Stop after so many bytes, up and down together.") var maxBytes: Int?
        @Flag(help: "Hand in the counts of verdicts only: a few hundred bytes.")
        var deltasOnly = false
        @Flag(help: "Leave attachments for another time.") var noAttachments = false
        @Flag(help: "Say what would go up; use no network, change nothing.") var dryRun = false
        @Option(help: "Write what goes over the wire to this file.") var trace: String?
        @Flag(help: "For timers: keep a distance after failures, and be silent about them.")
        var unattended = false

        func validate() throws {
            if let maxBytes, maxBytes < 1 { throw ValidationError("--max-bytes is at least 1") }
        }

        func run() throws {
            let desk = try home.desk()
            if dryRun { return try output.print(desk.forecast(order).report) }
            try Syncing(desk, order, output).run(at: desk.hubAddress, trace: trace)
        }

        private var order: SyncOrder {
            var order = SyncOrder()
            order.waits = wait
            order.maxBytes = maxBytes
            order.maxMilliseconds = maxTime?.milliseconds
            order.deltasOnly = deltasOnly
            order.isUnattended = unattended
            if noAttachments { order.attachments = .none }
            return order
        }
    }
}

/// A length of time as it is typed: a number and `s`, `m` or `h`.
struct TimeLimit: ExpressibleByArgument {
    let milliseconds: Int64

    init?(argument: String) {
        let units: [Character: Int64] = ["s": 1_000, "m": 60_000, "h": 3_600_000]
        guard let unit = argument.last.flatMap({ units[$0] }),
            let number = Int64(argument.dropLast()), (1...1_000_000).contains(number)
        else { return nil }
        milliseconds = number * unit
    }
}

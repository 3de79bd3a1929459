import ArgumentParser
import Console
import Node

extension Countersign {
    struct Take: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Before a trip: fetch the most useful cases that fit the time, with their files.",
            usage: "countersign take 40 --hours 6"
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions
        @Argument(help: "How many cases at the most.") var count: Int
        @Option(help: "How long there is to review.") var hours: Int

        func validate() throws {
            if count < 1 { throw ValidationError("take at least 1 case") }
            if !(1...10_000).contains(hours) {
                throw ValidationError("--hours is a number from 1 to 10000")
            }
        }

        func run() throws {
            let desk = try home.desk()
            var order = SyncOrder()
            order.attachments = .none
            _ = try Syncing(desk, order, output).summary(at: desk.hubAddress)
            var trip = try desk.trip(atMost: count, hours: hours)
            if trip.isMissingFiles {
                let files = desk.orderAttachments(of: trip)
                _ = try Syncing(desk, files, output).summary(at: desk.hubAddress)
                trip = try desk.trip(atMost: count, hours: hours)
            }
            try output.print(trip.report)
            if trip.isMissingFiles { throw Ended(code: .partlyDone) }
        }
    }
}

import Sync
import TestSupport

extension Decoder {
    static let frame = Decoder(
        name: "frame",
        seeds: { [[0] + Record.body(Example.request), [40] + Record.body(Example.reply)] },
        check: { bytes in
            // The first byte says where the rest is cut in two.
            guard let cut = bytes.first.map({ Int($0) * (bytes.count - 1) / 256 }) else { return }
            let body = Array(bytes.dropFirst())
            let whole = frames([body])
            let pieces = frames([Array(body.prefix(cut)), Array(body.dropFirst(cut))])
            try hold(whole == pieces, "two pieces give other frames than one")
        }
    )

    static let record = Decoder(
        name: "record",
        seeds: { [Example.request, Example.reply].map { $0.flatMap(Example.written) } },
        check: { bytes in
            guard let records = try? Record.read(frame: bytes) else { return }
            let written = records.flatMap(Example.written)
            try hold(try Record.read(frame: written) == records, "it reads otherwise when written")
        }
    )

    /// The frames that come out, and what ends them.
    private static func frames(_ pieces: [[UInt8]]) -> [Result<[UInt8], WireError>] {
        var reader = FrameReader()
        var found: [Result<[UInt8], WireError>] = []
        for piece in pieces {
            do throws(WireError) {
                found += try reader.take(piece).map { .success($0) }
            } catch {
                // Frames before a damaged one of the same piece are not given: leave them out.
                return [.failure(error)]
            }
        }
        return found
    }
}

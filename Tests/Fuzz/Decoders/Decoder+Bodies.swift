import Review
import Sync
import TestSupport

extension Decoder {
    /// The records of a request, unpacked: the packing has a decoder of its own.
    static let request = Decoder(
        name: "request",
        seeds: { [Example.request.flatMap(Example.written)] },
        check: { bytes in
            let body = Frames.magic + FramePacker().pack(bytes[...])
            guard let request = try? HubRequest(body: body, hash: cheapHash) else { return }
            for document in request.documents { _ = try? document.statement() }
            try hold(
                request.documents.count <= bytes.count / 16,
                "there are more entries than there is room for"
            )
        }
    )

    /// The records of a reply, read by a node to whom every signature is good.
    static let reply = Decoder(
        name: "reply",
        seeds: { [Example.reply.flatMap(Example.written)] },
        check: { bytes in
            let credulous = Cryptography(hash: cheapHash) { _, _, _ in true }
            var end = NodeEnd(hub: .init(id: Example.hub.id, keys: [[1]]), cryptography: credulous)
            _ = end.start(Example.hello, outbox: [], deltas: [], cursors: [Example.cursor])
            let effects =
                end.take(Frames.magic + FramePacker().pack(bytes[...])) + end.closed("over")
            var cursor = Example.cursor.head.seq
            for case .apply(let page, let next) in effects where next.feed == Example.cursor.feed {
                try hold(page.rows.count == page.head.count, "a page lacks rows")
                try hold(next.head.seq >= cursor, "a page moves the cursor back")
                cursor = next.head.seq
            }
        }
    )

    static let bundle = Decoder(
        name: "bundle",
        seeds: { [Example.bundle.file] },
        check: { bytes in
            guard let bundle = try? SyncBundle(file: bytes) else { return }
            try hold(bundle.file == bytes, "it is written otherwise than it came")
            try hold(
                BundleHeader(json: bundle.header.json) == bundle.header,
                "its header reads otherwise"
            )
        }
    )
}

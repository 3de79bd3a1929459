import Review
import Sync
import TestSupport

extension Decoder {
    static let entry = Decoder(
        name: "entry",
        seeds: { Example.documents.map(\.entry.line) },
        check: { line in
            guard let entry = try? Entry(line: line, signature: [], hash: cheapHash) else { return }
            try hold(entry.line == line, "its line is another")
            try hold((entry.prev == nil) == (entry.seq == 1), "`prev` does not fit `seq`")
        }
    )

    static let payload = Decoder(
        name: "payload",
        seeds: {
            Example.documents.compactMap { document in
                document.payload.map {
                    [Example.index(of: document.entry.kindName)] + $0.dropFirst(16)
                }
            }
        },
        check: { bytes in
            // The first byte says of which kind it is.
            guard let first = bytes.first, let json = try? JSON(parsing: bytes.dropFirst()) else {
                return
            }
            let kind = Example.kinds[Int(first) % Example.kinds.count]
            guard let statement = try? Statement(kind, json) else { return }
            // Sets of uids may come in any order, and are written in one.
            let written = statement.json.canonicalBytes
            let again = try Statement(kind, try JSON(parsing: written))
            try hold(again?.json.canonicalBytes == written, "it reads otherwise when written")
            var dossier = Example.dossier
            let log = LogName(device: "d1", epoch: "1.0")
            dossier.add(statement, uid: Sample.digest(7), log: log, seq: 7, byHub: true)
            _ = resolve(dossier)
            _ = dossier.outcome
        }
    )

    static let page = Decoder(
        name: "page",
        seeds: { [Example.page.head.json.canonicalBytes] },
        check: { bytes in
            guard let json = try? JSON(parsing: bytes), let head = PageHead(json: json) else {
                return
            }
            try hold(PageHead(json: head.json) == head, "it reads otherwise when written")
            let page = Page(head: head, rows: Example.page.rows)
            let end = page.end(after: head.from, hash: cheapHash)
            try hold(end == nil || end == head.to, "it ends where it does not say")
        }
    )

    static let receipt = Decoder(
        name: "receipt",
        seeds: { [Example.receipt.signed.canonicalBytes, Example.result.json.canonicalBytes] },
        check: { bytes in
            guard let json = try? JSON(parsing: bytes) else { return }
            if let receipt = Receipt(json: json) {
                try hold(
                    Receipt(json: receipt.signed) == receipt,
                    "it reads otherwise when written"
                )
                try hold(receipt.from <= receipt.to, "it ends before it begins")
            }
            if let result = PushResult(json: json) {
                try hold(PushResult(json: result.json) == result, "a result reads otherwise")
            }
            if let through = Through(json: json) {
                try hold(Through(json: through.json) == through, "a through reads otherwise")
            }
        }
    )

    static let delta = Decoder(
        name: "delta",
        seeds: { [Example.delta.line] },
        check: { line in
            guard let delta = try? Delta(line: line, signature: [1]) else { return }
            let again = Delta(
                log: delta.log,
                scope: delta.scope,
                through: delta.through,
                head: delta.head,
                counts: delta.counts,
                sign: { _ in [1] }
            )
            try hold(again == delta, "it is written otherwise than it came")
        }
    )
}

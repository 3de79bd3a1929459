import Crypto
import Node
import Review
import Sync

extension PaperHub {
    /// The whole reply to a request: every entry accepted, and these pages.
    func answer(_ body: [UInt8], _ pages: [Page] = []) throws -> [UInt8] {
        let hash = Cryptography.system.hash
        let request = try HubRequest(body: body, hash: hash)
        if let last = request.documents.last?.entry {
            held = LogHead(seq: last.seq, uid: last.uid)
        }
        let key = key
        return HubReply.body(
            Greeting(hub: name, time: Laptop.noon, watermark: 0, request: hash(body)),
            documents: request.documents,
            results: request.documents.map {
                PushResult(log: $0.entry.log, seq: $0.entry.seq, result: .accepted)
            },
            hubSeq: hubSeq,
            through: [Through(epoch: request.hello.log.epoch, head: held)],
            resets: [],
            pages: pages,
            hash: hash,
            sign: { (try? key.signature(for: $0)).map { [UInt8]($0) } ?? [] }
        )
    }

    /// So many notes, a page each.
    func pages(_ count: Int) -> [Page] {
        (0..<count).map { number in page([write(.note, "", ["number": .integer(number)])]).0 }
    }
}

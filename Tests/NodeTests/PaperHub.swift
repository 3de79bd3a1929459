import Crypto
import Node
import Replica
import Review
import Sync

/// The hub's side as documents and pages, real keys and all, without a hub that decides anything.
final class PaperHub {
    let key = Curve25519.Signing.PrivateKey()
    let root = Curve25519.Signing.PrivateKey()
    let name: HubName
    private var pen: Pen
    private var head: FeedHead
    /// The end of the asking log, as far as it was handed in.
    var held = LogHead()
    private(set) var hubSeq: Int64 = 0
    let feed: String

    init(reviewer: String) {
        let root = [UInt8](root.publicKey.rawRepresentation)
        let name = HubName(
            id: KeyName.hub(root, hash: Cryptography.system.hash),
            epoch: "1.0000000000000001"
        )
        let key = key
        self.name = name
        feed = FeedName.reviewer(reviewer)
        head = FeedHead(hub: name, feed: feed, hash: Cryptography.system.hash)
        pen = Pen(
            log: name.log,
            head: LogHead(),
            cryptography: .system,
            sign: { (try? key.signature(for: $0)).map { [UInt8]($0) } ?? [] },
            random: systemRandomness
        )
    }

    var publicKey: [UInt8] { [UInt8](key.publicKey.rawRepresentation) }
    var rootKey: [UInt8] { [UInt8](root.publicKey.rawRepresentation) }

    func write(_ kind: Entry.Kind, _ caseKey: String, _ json: JSON) -> Document {
        pen.write(kind, caseKey: caseKey, json)
    }

    /// The next page of the reviewer's feed, and the cursor after it.
    func page(_ documents: [Document]) -> (Page, Cursor) {
        let from = head
        let rows = documents.map { document in
            hubSeq += 1
            head = head.appending(document.entry.uid, hash: Cryptography.system.hash)
            return FeedRow(seq: head.seq, hubSeq: hubSeq, document: document)
        }
        let page = Page(
            head: PageHead(hubEpoch: name.epoch, feed: feed, from: from, to: head, more: false),
            rows: rows
        )
        return (page, Cursor(hubEpoch: name.epoch, feed: feed, head: head))
    }
}

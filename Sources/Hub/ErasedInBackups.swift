import HubStore
import Review
import Storage
import Sync

// What is erased after a backup was made still stands in it. The backup is told, and a hub that is
// restored from it erases again before it serves anything.

extension HubOffice {
    private static let erasuresFile = "erasures"

    /// Tells every backup that can be reached of all erasures; those that were told.
    func tellBackups() throws -> [String] {
        let erasures = try store.entries(after: 0, kinds: [.erased], caseKey: nil, limit: .max)
        let body = Record.body(erasures.map(\.document).flatMap(Record.document))
        return BackupList(in: folder).backups.map(\.path).filter { path in
            (try? HubFolder(path: path).write(body, to: Self.erasuresFile)) != nil
        }
    }

    /// Erases what a backup was told of after it was made.
    func eraseAgain(toldTo backup: HubFolder) throws {
        guard let body = backup.read(Self.erasuresFile) else { return }
        var reader = FrameReader()
        var erasures: [Recovered] = []
        var open: Entry?
        let hubKeys = try hubKeys(or: [])
        for record in try reader.take(body).flatMap({ try Record.read(frame: $0) }) {
            switch record {
            case .entry(let signature, let line):
                open = try Entry(line: line, signature: signature, hash: sha256)
            case .payload(_, let bytes):
                guard let entry = open else { continue }
                let document = Document(entry: entry, payload: bytes)
                erasures.append(Recovered(document, keys: hubKeys, .crypto))
            default: break
            }
        }
        try withoutAttachments {
            for erasure in erasures {
                try decide(Wanted(recovering: [erasure])) { $0.recall(erasure) }
            }
        }
    }

    /// Removes the attachments that no case names any more after `erase`.
    ///
    /// Only those that one did before: others may have come before the case that they belong to.
    func withoutAttachments<Answer>(_ erase: () throws -> Answer) throws -> Answer {
        let before = try store.attachments()
        let answer = try erase()
        for digest in Set(before).subtracting(try store.attachments()) { blobs.remove(digest) }
        return answer
    }
}

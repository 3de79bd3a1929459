import Dispatch
import HubStore
import Review
import Sync
import Synchronization

// What a node hands in, over a connection or in a bundle: taken in one way.

/// What became of what was handed in, in its order.
struct HandedIn {
    let documents: [Document]
    let results: [PushResult]
}

extension HubOffice {
    /// Takes all that a request of a device holds.
    ///
    /// - **OnceOnly**: the same request again changes nothing.
    func take(_ request: HubRequest, from device: Device) throws -> HandedIn {
        try believe(request.receipts)
        try outgrow(request, from: device)
        let held = Self.generalFirst(request.documents.filter { $0.entry.log.device != device.id })
        let own = request.documents.filter { $0.entry.log.device == device.id }
        let results = try recover(held, from: device) + push(own, from: device)
        if !request.deltas.isEmpty {
            try decide(Wanted(deltas: request.deltas)) { draft in
                for delta in request.deltas { draft.take(delta, from: device) }
            }
        }
        try noteCaughtUp(device, request)
        return HandedIn(documents: held + own, results: results)
    }

    /// What is about no case, such as who is who, comes before what is.
    private static func generalFirst(_ documents: [Document]) -> [Document] {
        documents.filter(\.entry.caseKey.isEmpty) + documents.filter { !$0.entry.caseKey.isEmpty }
    }

    /// Remembers what a device told of itself, where that is news.
    func remember(_ contact: Contact, of device: Device) throws {
        guard contact != device.contact else { return }
        try decide { $0.remember(contact, of: device.id) }
    }

    /// How many entries one transaction takes: other writers wait no longer than for so many.
    private static let pushChunk = 512

    private func push(_ documents: [Document], from device: Device) throws -> [PushResult] {
        let pushed = Self.checked(documents, by: device)
        var results: [PushResult] = []
        for start in stride(from: 0, to: pushed.count, by: Self.pushChunk) {
            let chunk = Array(pushed[start..<min(start + Self.pushChunk, pushed.count)])
            let wanted = Wanted(pushing: chunk.map(\.document.entry))
            results += try decide(wanted) { draft in draft.push(chunk, from: device) }
        }
        return results
    }

    /// Checks and reads every entry, outside of the transaction and on all cores where there are many.
    static func checked(_ documents: [Document], by device: Device) -> [Pushed] {
        let size = 64
        let chunks = (documents.count + size - 1) / size
        let checked = Mutex<[Int: [Pushed]]>([:])
        DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
            let part = documents[chunk * size..<min((chunk + 1) * size, documents.count)]
            let pushed = part.map { Pushed($0, of: device, .crypto) }
            checked.withLock { $0[chunk] = pushed }
        }
        return checked.withLock { checked in (0..<chunks).flatMap { checked[$0] ?? [] } }
    }
}

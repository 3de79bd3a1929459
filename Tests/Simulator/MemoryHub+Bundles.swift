import Review
import Sync
import TestSupport

// What a hub does with files that are carried by hand, as its office does.

extension MemoryHub {
    /// Takes in what a node put into a file; once, however often it comes.
    mutating func importBundle(
        _ body: [UInt8],
        now: Timestamp,
        pace: HubPace,
        dyingAfter: Int?,
        random: @escaping Randomness
    ) throws(Refusal) {
        let (request, device) = try read(body)
        let contact = device.contact.after(request, carriedAs: cheapHash(body))
        _ = try take(
            request,
            from: device,
            now: now,
            pace: pace,
            dyingAfter: dyingAfter,
            random: random
        )
        remember(contact, of: device, now: now, random: random)
    }

    /// Puts into a file what a device handed in by the last one, and what is new for it.
    func exportBundle(for id: String, now: Timestamp) -> [UInt8]? {
        guard let device = devices[id], device.contact.wasHeard else { return nil }
        let latest = logs.keys.filter { $0.device == id }
            .max { ($0.generation, $0) < ($1.generation, $1) }
        return reply(
            to: device,
            of: latest ?? LogName(device: id, epoch: ""),
            unanswered(of: device),
            after: device.contact.cursors,
            within: .carried,
            digest: device.contact.request ?? cheapHash([]),
            now: now,
            pace: HubPace()
        )
    }

    private func unanswered(of device: Device) -> HandedIn {
        var held: [(Document, PushResult.Word, String)] = []
        for (epoch, seq) in device.contact.unanswered.sorted(by: { $0.key < $1.key }) {
            let log = LogName(device: device.id, epoch: epoch)
            held += entries.filter { $0.document.entry.log == log && $0.document.entry.seq >= seq }
                .map { ($0.document, $0.result, $0.code) }
        }
        return HandedIn(
            documents: held.map(\.0),
            results: held.map { document, word, code in
                PushResult(
                    log: document.entry.log,
                    seq: document.entry.seq,
                    result: word,
                    code: code
                )
            }
        )
    }
}

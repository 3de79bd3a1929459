import HubStore
import Review
import Sealing
import Sync

// Syncs that are carried by hand: what a node sends up, and what goes back to it.

/// What came of a file that was taken in, and whom an answer would be for.
package struct ImportedBundle: Sendable {
    package let device: String
    package let shown: Shown
}

extension HubOffice {
    /// Makes the hub fit to take and make bundles: of its own past, and with keys that nodes know.
    private func openCounter() throws -> AgreementKey {
        try noticeOtherPast()
        try publishAgreement()
        guard let agreement = keys.agreement, try chain?.agreement != nil else {
            throw HubFailure(
                "rootNeeded",
                "this hub was made before there were bundles: its root key must vouch for a new key "
                    + "once; nothing was changed",
                hint: "put root.key into \(folder.path) for this one command",
                kind: .refused
            )
        }
        return agreement
    }

    /// Takes in a node's bundle, or its request to be let in: once, however often it comes.
    package func importBundle(_ file: [UInt8]) throws -> ImportedBundle {
        let agreement = try openCounter()
        if file.first == UInt8(ascii: "{") { return try importEnrolment(file) }
        let bundle = try Self.read(file)
        let parties = bundle.header.parties
        guard parties.kind == .up, parties.hub == store.hubID else { throw Self.otherHub }
        let known = try store.device(parties.from)
        guard known.map({ bundle.isSigned(by: [$0.key], .crypto) }) ?? true else {
            throw Self.unsigned
        }
        let root = (try? RootKey(in: folder)).map { [$0.agreement] } ?? []
        let body: [UInt8]
        do throws(BundleError) { body = try bundle.open(with: [agreement] + root) } catch {
            throw Self.failure(error)
        }
        let request = try HubRequest(body: body, hash: sha256)
        // One that this hub lost shows that it was let in, in the bundle itself.
        guard let device = try known ?? introduced(parties.from, in: request.documents) else {
            throw Self.unknownDevice
        }
        guard bundle.isSigned(by: [device.key], .crypto) else { throw Self.unsigned }
        guard request.hello.log.device == device.id else {
            throw Self.damaged("it holds the words of another device")
        }
        let handedIn = try take(request, from: device)
        try remember(device.contact.after(request, carriedAs: sha256(body)), of: device)
        return ImportedBundle(device: device.id, shown: Self.shown(handedIn, of: device))
    }

    /// Makes a bundle for a device: receipts for what it handed in by the last one, and what is new
    /// for it since it last said where it stands.
    ///
    /// The same again may be made and applied as often as anybody likes.
    package func exportBundle(for id: String) throws -> (file: [UInt8], shown: Shown) {
        _ = try openCounter()
        guard let device = try store.device(id) else {
            let known = try store.read(Wanted()).devices.keys.sorted()
            throw HubFailure(
                "unknownDevice",
                "there is no device \(id); nothing was written",
                hint: nearest(to: id, among: known).first.map { "did you mean \($0)?" }
                    ?? "see them: `countersign-hub device list`",
                kind: .notFound
            )
        }
        let contact = device.contact
        guard !contact.agreement.isEmpty else {
            throw HubFailure(
                "noDeviceKey",
                "\(id) has not told yet what a bundle for it is to be sealed to; nothing was written",
                hint: "import a bundle of that device first, or let it sync once",
                kind: .refused
            )
        }
        let handedIn = try unanswered(of: device)
        let body = try reply(
            Asked(
                device: device,
                log: try latestLog(of: device),
                handedIn: handedIn,
                cursors: contact.cursors,
                allowance: .carried,
                digest: contact.request ?? sha256([]),
                enrolled: try beginning(of: device)
            )
        )
        let bundle = try SyncBundle.seal(
            body,
            BundleHeader.Parties(down: id, hub: store.hubID),
            for: [contact.agreement],
            hash: sha256,
            sign: keys.sign
        )
        let count = handedIn.results.count
        return (
            bundle.file,
            Shown(
                [
                    "device": .string(id), "reviewer": .string(device.reviewer),
                    "receipts": .integer(count), "bytes": .integer(bundle.file.count),
                ],
                [
                    "a bundle for \(device.reviewer) on \(device.name): receipts for \(count) "
                        + "\(count == 1 ? "entry" : "entries"), \(bundle.file.count) bytes"
                ]
            )
        )
    }
}

// MARK: - Pieces

extension HubOffice {
    /// What the device's last bundle handed in, and what follows on it, with what was said of each.
    private func unanswered(of device: Device) throws -> HandedIn {
        var held: [Writes.Accepted] = []
        for (epoch, seq) in device.contact.unanswered.sorted(by: { $0.key < $1.key }) {
            held += try store.entries(of: LogName(device: device.id, epoch: epoch), from: seq)
        }
        return HandedIn(
            documents: held.map(\.document),
            results: held.map {
                PushResult(
                    log: $0.document.entry.log,
                    seq: $0.document.entry.seq,
                    result: $0.result,
                    code: $0.code
                )
            }
        )
    }

    /// The log that a device writes now, as far as the hub knows.
    private func latestLog(of device: Device) throws -> LogName {
        var wanted = Wanted()
        wanted.devices = [device.id]
        let logs = try store.read(wanted).logs.keys.filter { $0.device == device.id }
        return logs.max { ($0.generation, $0) < ($1.generation, $1) }
            ?? LogName(device: device.id, epoch: "")
    }

    private static func shown(_ handedIn: HandedIn, of device: Device) -> Shown {
        // Every bundle shows whose it is; only a hub that lost that takes it.
        let told = zip(handedIn.documents, handedIn.results).filter { document, result in
            result.result != .duplicate || !document.entry.isIntroduction
        }.map(\.1)
        func count(_ matches: (PushResult.Word) -> Bool) -> Int {
            told.count { matches($0.result) }
        }
        let (all, known) = (told.count, count { $0 == .duplicate })
        let waiting = count { !$0.isStored }
        let refused = told.filter { $0.result == .rejected }
        return Shown(
            [
                "device": .string(device.id), "reviewer": .string(device.reviewer),
                "entries": .integer(all), "known": .integer(known), "notTaken": .integer(waiting),
                "refused": .strings(refused.map { "\($0.seq) \($0.code)" }),
            ],
            [
                "\(device.reviewer) on \(device.name): \(all) \(all == 1 ? "entry" : "entries"), "
                    + "\(known) of them known already"
                    + (waiting > 0 ? ", \(waiting) to be sent again" : "")
            ] + refused.map { "entry \($0.seq) was not accepted: \($0.code)" }
        )
    }
}

// MARK: - What can be wrong with a file

extension HubOffice {
    static func read(_ file: [UInt8]) throws -> SyncBundle {
        do throws(BundleError) { return try SyncBundle(file: file) } catch { throw failure(error) }
    }

    private static func failure(_ error: BundleError) -> HubFailure {
        switch error {
        case .notOurs:
            HubFailure(
                "notABundle",
                "the file is not a bundle; nothing was changed",
                hint: "make one on the node: `countersign bundle export FILE`",
                kind: .badInput
            )
        case .damaged(let reason): damaged(reason)
        case .notForUs: otherHub
        }
    }

    private static var unsigned: HubFailure { damaged("it is not signed by the device it names") }

    private static func damaged(_ reason: String) -> HubFailure {
        HubFailure(
            "badBundle",
            "the bundle does not hold: \(reason); nothing of it was taken, and the node still has "
                + "all that was in it",
            hint: "copy the file again, or make another: `countersign bundle export FILE`",
            kind: .badInput
        )
    }

    private static var otherHub: HubFailure {
        HubFailure(
            "otherHub",
            "the bundle is not for this hub; nothing of it was taken",
            hint: "import it where it is for, or export one here: `countersign-hub bundle export`",
            kind: .notAllowed
        )
    }

    private static var unknownDevice: HubFailure {
        HubFailure(
            "unknownDevice",
            "this hub does not know the device that made the bundle; nothing of it was taken",
            hint: "enrol it: `countersign-hub reviewer token NAME`",
            kind: .notAllowed
        )
    }
}

extension Entry {
    /// Whether it shows who a device is, and whose word that is.
    fileprivate var isIntroduction: Bool { kind == .hubKey || kind == .certificate }
}

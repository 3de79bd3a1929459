import HubStore
import Review
import Sync

extension HubOffice {
    /// How many entries a list reads at a time.
    static let batch = 1000

    /// Every change of an outcome after a place; the highest `seq` of a case is the present one.
    package func listOutcomes(
        after seq: Int64,
        limit: Int = .max,
        _ print: Printing
    ) throws {
        var left = limit
        let names = Dictionary(try store.cases(.all).map { ($0.key, $0.name) }) { first, _ in first
        }
        try eachEntry(after: seq, kinds: [.outcome, .seal, .erased]) { entry in
            if entry.document.entry.kind == .erased {
                let name = names[entry.document.entry.caseKey]?.description
                try print(Self.erased(name ?? entry.document.entry.caseKey, seq: entry.hubSeq))
                left -= 1
                return left > 0
            }
            if entry.document.payload == nil { return true }  // Erased since.
            let json = try entry.document.content()
            let isSeal = entry.document.entry.kind == .seal
            let outcome = isSeal ? try Seal(json: json).outcome : try Outcome(json: json)
            try print(OutcomeRow(outcome, seq: entry.hubSeq, sealed: isSeal).shown)
            left -= 1
            return left > 0
        }
    }

    private static func erased(_ name: String, seq: Int64) -> Shown {
        Shown(
            ["seq": .integer(seq), "case": .string(name), "state": "erased", "sealed": false],
            ["\(seq)  \(name)  erased"]
        )
    }

    /// Everything callers hear of, after a place.
    package func listEvents(after seq: Int64, _ print: Printing) throws {
        var place = seq
        while true {
            let events = try store.events(after: place, limit: Self.batch)
            for event in events {
                try print(
                    Shown(
                        [
                            "seq": .integer(event.seq), "kind": .string(event.kind.rawValue),
                            "case": event.name.json, "at": Self.json(event.at),
                            "detail": event.detail,
                        ],
                        ["\(event.seq)  \(event.at)  \(event.kind.rawValue)  \(event.name)"]
                    )
                )
                place = event.seq
            }
            if events.count < Self.batch { return }
        }
    }

    /// Every entry the hub holds, in its order.
    package func exportLog(_ print: Printing) throws {
        let names = Dictionary(try store.cases(.all).map { ($0.key, $0.name) }) { first, _ in first
        }
        try eachEntry { accepted in
            let entry = accepted.document.entry
            let about = names[entry.caseKey]?.description ?? entry.caseKey
            try print(
                Shown(
                    [
                        "hubSeq": .integer(accepted.hubSeq), "device": .string(entry.log.device),
                        "epoch": .string(entry.log.epoch), "seq": .integer(entry.seq),
                        "uid": entry.uid.json, "hash": entry.uid.json,
                        "kind": .string(entry.kindName), "case": .string(about),
                        "reviewer": accepted.reviewer.isEmpty ? .null : .string(accepted.reviewer),
                        "result": .string(accepted.result.rawValue),
                        "code": .string(accepted.code),
                        "receivedAt": Self.json(accepted.receivedAt),
                    ],
                    [
                        "\(accepted.hubSeq)  \(accepted.receivedAt)  \(entry.kindName)  \(about)  "
                            + "\(accepted.reviewer)  \(entry.uid)"
                    ]
                )
            )
            return true
        }
    }

    /// Hands entries over in the hub's order until `body` says to stop.
    func eachEntry(
        after seq: Int64 = 0,
        kinds: [Entry.Kind]? = nil,
        _ body: (Writes.Accepted) throws -> Bool
    ) throws {
        var place = seq
        while true {
            let entries = try store.entries(
                after: place,
                kinds: kinds,
                caseKey: nil,
                limit: Self.batch
            )
            for entry in entries where try !body(entry) { return }
            guard let last = entries.last, entries.count == Self.batch else { return }
            place = last.hubSeq
        }
    }
}

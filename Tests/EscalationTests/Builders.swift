import Escalation
import Review

extension PolicyTree {
    /// A tree of plain scalars from JSON, keys sorted, each value on a line of its own.
    init(plain json: JSON) {
        var line = 0
        self.init(json, .plain, &line)
    }

    /// The same with quoted text, which stays text whatever it looks like.
    init(quoted json: JSON) {
        var line = 0
        self.init(json, .quoted, &line)
    }

    private init(_ json: JSON, _ style: Style, _ line: inout Int) {
        line += 1
        let place = Place(line: line, column: 1)
        switch json {
        case .string(let text): self.init(.scalar(text, style), at: place)
        case .array(let elements):
            self.init(.sequence(elements.map { PolicyTree($0, style, &line) }), at: place)
        case .object(let members):
            let entries = members.keys.sorted().map { key in
                Entry(
                    key: key,
                    place: place,
                    value: PolicyTree(members[key] ?? .null, style, &line)
                )
            }
            self.init(.mapping(entries), at: place)
        default: self.init(.scalar(json.canonical, .plain), at: place)
        }
    }
}

/// The members of two objects together; those of the second win.
func merged(_ left: JSON, _ right: JSON) -> JSON {
    .object((left.object ?? [:]).merging(right.object ?? [:], uniquingKeysWith: { $1 }))
}

struct NoPolicy: Error { let problems: [PolicyProblem] }

/// The policy for `refunds` with these sections.
func policy(_ sections: JSON = [:]) throws -> Policy {
    let base: JSON = ["workflow": "refunds", "labels": ["approve", "deny", "partial"]]
    let (policy, problems) = Policy.parse(PolicyTree(plain: merged(base, sections)))
    guard let policy else { throw NoPolicy(problems: problems) }
    return policy
}

/// The case of `review.md`, with some members replaced; null takes one away.
func refund(_ changes: JSON = [:]) throws -> Case {
    let base: JSON = [
        "workflow": "refunds", "id": "T-1029", "title": "Refund 840.00 EUR for a late parcel",
        "subject": "customer:5512",
        "input": ["text": "My parcel came nine days late, and the shop said nothing."],
        "output": ["decision": "approve", "amount": 840], "label": "approve", "confidence": 0.93,
        "model": ["id": "refund-classifier", "version": "2026-10-01"],
        "context": [
            "retrieval": [["source": "handbook#late-parcels", "text": "...", "score": 0.81]],
            "reasoning": ["The parcel was 9 days late.", "The amount is under the limit."],
        ],
        "attributes": ["amount": 840, "currency": "EUR", "vip": false, "channel": "email"],
    ]
    let members = (merged(base, changes).object ?? [:]).filter { $0.value != .null }
    return try Case(.object(members))
}

let noon = Timestamp(milliseconds: 1_800_000_000_000)

/// A standing in which every draw gives the same number; the largest is never drawn.
func standing(
    _ phase: Int,
    threshold: Standing.Threshold? = nil,
    table: [Int]? = nil,
    draw: UInt32 = .max
) -> Standing {
    Standing(phase: phase, threshold: threshold, table: table, now: noon) { _, _ in draw }
}

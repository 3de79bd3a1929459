import Escalation
import Review
import Sync
import TestSupport

extension Decoder {
    static let token = Decoder(
        name: "token",
        seeds: { [Array(Example.token.text.utf8)] },
        check: { bytes in
            guard let token = Token(String(decoding: bytes, as: UTF8.self)) else { return }
            try hold(Token(token.text) == token, "it reads otherwise when written")
        }
    )

    /// The header fields that say who signed a request, one a line.
    static let signature = Decoder(
        name: "signature",
        seeds: {
            let headers = Example.signature.headers { _ in [UInt8](repeating: 7, count: 64) }
            return [Array(headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n").utf8)]
        },
        check: { bytes in
            var fields: [String: String] = [:]
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                guard let colon = line.firstIndex(of: ":") else { continue }
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                fields[String(line[..<colon])] = String(value)
            }
            let read = RequestSignature.read(
                method: "POST",
                path: "/v1/sync",
                digest: Sample.digest(1)
            ) { fields[$0] }
            guard let (signature, bytes) = read else { return }
            let written = Dictionary(
                signature.headers { _ in bytes }.map { ($0.name, $0.value) }
            ) { first, _ in first }
            try hold(
                written["signature-input"] == fields["signature-input"],
                "it is written otherwise than it came"
            )
        }
    )

    static let json = Decoder(
        name: "json",
        seeds: {
            [
                Array(
                    #"{"é":[1,-0.5e-3,true,null,"\u00e9\ud83d\ude00"],"z":{"":9007199254740991}}"#
                        .utf8
                )
            ]
        },
        check: { bytes in
            guard let json = try? JSON(parsing: bytes) else { return }
            let canonical = json.canonicalBytes
            let again = try JSON(parsing: canonical)
            try hold(again == json, "it reads otherwise when written")
            try hold(again.canonicalBytes == canonical, "its canonical form is not one")
        }
    )

    /// A case as a caller sends it.
    static let item = Decoder(
        name: "case",
        seeds: { [Example.item.canonicalBytes] },
        check: { bytes in
            guard let json = try? JSON(parsing: bytes), let item = try? Case(json) else { return }
            let again = try Case(item.content)
            try hold(again.content == item.content, "its content reads otherwise")
            _ = item.revision(cheapHash)
            if let policy = Example.policy { _ = policy.route(item, Example.standing) }
        }
    )

    static let condition = Decoder(
        name: "condition",
        seeds: {
            [
                #"attributes.amount > 500 && label in ["approve", "deny"]"#,
                #"has(context.user) ? size(input.text) < 10u : text.matches("^a+[b-c]{2,3}$")"#,
                #"timestamp("2026-01-01T00:00:00Z") + duration("1h30m") > received"#,
                #"{"a": [1, 2.5e3, 0x1F, b"\x00"]}["a"][0] == -1 || !(1 % 2 == 0)"#,
            ].map { Array($0.utf8) }
        },
        check: { bytes in
            let source = String(decoding: bytes, as: UTF8.self)
            guard let condition = try? Condition(source) else { return }
            let once = condition.evaluate(in: Example.scope)
            let twice = condition.evaluate(in: Example.scope)
            try hold(once.record == twice.record, "it finds another thing the second time")
        }
    )

    /// The tree of a policy as an entry carries it.
    static let policy = Decoder(
        name: "policy",
        seeds: { [Example.policyTree.json.canonicalBytes] },
        check: { bytes in
            guard let json = try? JSON(parsing: bytes), let tree = PolicyTree(json: json) else {
                return
            }
            try hold(PolicyTree(json: tree.json) == tree, "it reads otherwise when written")
            _ = Policy.parse(tree)
        }
    )
}

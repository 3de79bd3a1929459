extension Tally {
    /// Scopes in order, each with its counts in order: `[[bin or -1, k, blind, class, count], …]`.
    package var json: JSON {
        .array(
            counts.sorted { $0.key < $1.key }.map { scope, buckets in
                [
                    "workflow": .string(scope.workflow),
                    "modelVersion": .string(scope.modelVersion),
                    "segment": .string(scope.segment), "policyEpoch": .integer(scope.policyEpoch),
                    "counts": Self.rows(buckets),
                ]
            }
        )
    }

    package init(json: JSON) throws(PayloadError) {
        self.init()
        for element in json.array ?? [] {
            let fields = try Fields(element)
            let scope = Stamps.Scope(
                workflow: try fields.text("workflow"),
                modelVersion: try fields.text("modelVersion"),
                segment: try fields.text("segment"),
                policyEpoch: try fields.integer("policyEpoch")
            )
            let buckets = try Self.buckets(try fields.need("counts") { $0 })
            for (bucket, count) in buckets { add(count, to: bucket, in: scope) }
        }
    }

    /// Counters as rows, sorted.
    package static func rows(_ buckets: [Bucket: Int64]) -> JSON {
        .array(
            buckets.sorted { $0.key < $1.key }.map { bucket, count in
                [
                    bucket.bin.map { .integer($0) } ?? -1, .integer(bucket.k),
                    .integer(bucket.blind ? 1 : 0), .integer(bucket.kind.rawValue),
                    .integer(count),
                ]
            }
        )
    }

    /// Reads rows back; an impossible count, or a counter that stands twice, is an error.
    package static func buckets(_ rows: JSON) throws(PayloadError) -> [Bucket: Int64] {
        var buckets: [Bucket: Int64] = [:]
        for row in rows.array ?? [] {
            let numbers = row.array?.compactMap(\.integer) ?? []
            guard numbers.count == 5, (-1..<Int64(ConfidenceBin.count)).contains(numbers[0]),
                numbers[1] >= 1, numbers[2] == 0 || numbers[2] == 1,
                let kind = VerdictClass(json: .integer(numbers[3]))
            else { throw PayloadError(field: "counts", reason: "holds an impossible count") }
            let bucket = Bucket(
                bin: numbers[0] < 0 ? nil : Int(numbers[0]),
                k: Int(numbers[1]),
                blind: numbers[2] == 1,
                kind: kind
            )
            guard buckets.updateValue(numbers[4], forKey: bucket) == nil else {
                throw PayloadError(field: "counts", reason: "holds one counter twice")
            }
        }
        return buckets
    }
}

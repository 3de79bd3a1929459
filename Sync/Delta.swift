package import Review

/// The counts of one log in one scope: a replaceable signed record that may travel first.
///
/// Of a device, epoch and scope the hub keeps the one with the highest `through`.
package struct Delta: Sendable, Equatable {
    package let log: LogName
    package let scope: Stamps.Scope
    /// The seq and uid of the last entry that is counted.
    package let through: Int64
    package let head: Digest
    package let counts: [Tally.Bucket: Int64]
    package let line: [UInt8]
    package let signature: [UInt8]

    /// Writes and signs the counts of a scope.
    package init(
        log: LogName,
        scope: Stamps.Scope,
        through: Int64,
        head: Digest,
        counts: [Tally.Bucket: Int64],
        sign: Signing
    ) {
        self.log = log
        self.scope = scope
        self.through = through
        self.head = head
        self.counts = counts
        let json: JSON = [
            "counts": Tally.rows(counts), "device": .string(log.device),
            "epoch": .string(log.epoch),
            "head": head.json, "modelVersion": .string(scope.modelVersion),
            "policyEpoch": .integer(scope.policyEpoch), "segment": .string(scope.segment),
            "through": .integer(through), "v": 1, "workflow": .string(scope.workflow),
        ]
        line = json.canonicalBytes
        signature = sign(Self.message(line))
    }

    /// Reads a line back; refused where it is not canonical or holds an impossible count.
    package init(line: [UInt8], signature: [UInt8]) throws(EntryError) {
        let json: JSON
        do throws(JSONError) { json = try JSON(parsing: line) } catch { throw .line("\(error)") }
        guard json.canonicalBytes == line, json["v"] == 1 else { throw .line("not canonical") }
        guard let device = json["device"]?.string, let epoch = json["epoch"]?.string,
            let head = json["head"]?.string.flatMap({ Digest($0) }),
            let model = json["modelVersion"]?.string, let segment = json["segment"]?.string,
            let policyEpoch = json["policyEpoch"]?.integer, let workflow = json["workflow"]?.string,
            let through = json["through"]?.integer, let rows = json["counts"]
        else { throw .line("a member of the delta is missing or of a wrong type") }
        let counts: [Tally.Bucket: Int64]
        do throws(PayloadError) { counts = try Tally.buckets(rows) } catch {
            throw .line("\(error)")
        }
        guard counts.values.allSatisfy({ $0 > 0 }) else { throw .line("a count is below 1") }
        log = LogName(device: device, epoch: epoch)
        scope = Stamps.Scope(
            workflow: workflow,
            modelVersion: model,
            segment: segment,
            policyEpoch: Int(policyEpoch)
        )
        self.through = through
        self.head = head
        self.counts = counts
        self.line = line
        self.signature = signature
    }

    package static func message(_ line: [UInt8]) -> [UInt8] {
        var framing = Framing("countersign delta v1")
        framing.append(line)
        return framing.bytes
    }
}

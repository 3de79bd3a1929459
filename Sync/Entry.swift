package import Review

/// One signed statement in a participant's log: exact bytes, written once.
///
/// The line is hashed, signed, stored and sent as it is; nothing is encoded again to be checked.
/// Its hash is its name, the uid.
package struct Entry: Sendable, Equatable {
    package enum Kind: String, Sendable {
        // From a node.
        case epoch, verdict, retract, note, checkpoint
        // From the hub; `case` also from a node in the field, `verdict` also `via: hub`.
        case `case`, proposal, acted, assignment, withdrawal, release, terms, ruling, outcome
        case seal, reopen, policy, calibration, reviewer, certificate, hubKey, revocation, erased
        case watermark
    }

    package let log: LogName
    /// Dense from 1 within the log.
    package let seq: Int64
    /// As written; nil from `Kind` where this version does not know it.
    package let kindName: String
    /// The case's random key, empty where the entry is about none.
    package let caseKey: String
    /// The hash of the payload: 16 salt bytes and what they salt.
    package let payload: Digest
    /// The uid of the entry before it in the log.
    package let prev: Digest?
    /// A reader that does not know the kind must say that it needs a newer version.
    package let must: Bool
    package let line: [UInt8]
    package let signature: [UInt8]
    package let uid: Digest

    package var kind: Kind? { Kind(rawValue: kindName) }

    /// The entry as a store kept it: what its line said when it was read, and so not read again.
    package init(
        log: LogName,
        seq: Int64,
        kindName: String,
        caseKey: String,
        payload: Digest,
        prev: Digest?,
        must: Bool,
        line: [UInt8],
        signature: [UInt8],
        uid: Digest
    ) {
        self.log = log
        self.seq = seq
        self.kindName = kindName
        self.caseKey = caseKey
        self.payload = payload
        self.prev = prev
        self.must = must
        self.line = line
        self.signature = signature
        self.uid = uid
    }
}

/// The end of a log: what the next entry follows on.
package struct LogHead: Sendable, Equatable {
    package var seq: Int64
    package var uid: Digest?

    package init(seq: Int64 = 0, uid: Digest? = nil) {
        self.seq = seq
        self.uid = uid
    }
}

/// An entry and the bytes of its payload, nil where those were erased or have not come.
package struct Document: Sendable, Equatable {
    package let entry: Entry
    package let payload: [UInt8]?

    package init(entry: Entry, payload: [UInt8]?) {
        self.entry = entry
        self.payload = payload
    }

    /// The payload after its salt, as JSON.
    package func content() throws(EntryError) -> JSON {
        guard let payload, payload.count > Entry.saltLength else { throw .payloadMissing }
        do throws(JSONError) {
            return try JSON(parsing: payload[Entry.saltLength...])
        } catch {
            throw .payload("\(error)")
        }
    }

    /// What the entry says about its case, nil for kinds that say nothing about one.
    package func statement() throws(EntryError) -> Statement? {
        guard let kind = entry.kind, Statement.kinds.contains(kind) else { return nil }
        let json = try content()
        do throws(PayloadError) {
            return try Statement(kind, json)
        } catch {
            throw .payload("\(error)")
        }
    }
}

/// Why bytes are no entry, or none that holds.
package enum EntryError: Error, Equatable {
    case line(String)
    case payload(String)
    case payloadMissing
    case payloadHash
    case signature
}

extension EntryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .line(let reason): "the entry's line is damaged (\(reason))"
        case .payload(let reason): "the entry's payload is not what its kind says (\(reason))"
        case .payloadMissing: "the entry's payload has not come with it"
        case .payloadHash: "the payload's bytes do not have the hash that the entry names"
        case .signature: "the signature does not belong to the entry"
        }
    }
}

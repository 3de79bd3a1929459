/// Why a payload is not what its kind says.
package struct PayloadError: Error, Equatable, CustomStringConvertible {
    package let field: String
    package let reason: String

    package var description: String { "\(field) \(reason)" }
}

/// Reads the members of a payload, one error for whatever is missing or of a wrong type.
struct Fields {
    let json: JSON

    init(_ json: JSON) throws(PayloadError) {
        guard json.object != nil else {
            throw PayloadError(field: "the payload", reason: "is no object")
        }
        self.json = json
    }

    /// The member as `read` takes it; missing, null or refused by `read` is an error.
    func need<Value>(_ field: String, _ read: (JSON) -> Value?) throws(PayloadError) -> Value {
        guard let value = json[field].flatMap(read) else {
            throw PayloadError(field: field, reason: "is missing or of a wrong type")
        }
        return value
    }

    /// The member, nil where it is missing, null or empty text; of a wrong type is an error.
    func maybe<Value>(_ field: String, _ read: (JSON) -> Value?) throws(PayloadError) -> Value? {
        switch json[field] {
        case nil, .null?, .string("")?: return nil
        case let value?:
            guard let read = read(value) else {
                throw PayloadError(field: field, reason: "is of a wrong type")
            }
            return read
        }
    }

    func text(_ field: String) throws(PayloadError) -> String { try need(field, \.string) }
    func integer(_ field: String) throws(PayloadError) -> Int { try need(field, Fields.small) }
    func flag(_ field: String) throws(PayloadError) -> Bool { try need(field, \.bool) }
    func digest(_ field: String) throws(PayloadError) -> Digest { try need(field, Fields.digest) }
    func name() throws(PayloadError) -> CaseName {
        try need("case") { json in json.string.flatMap { CaseName($0) } }
    }

    func digests(_ field: String) throws(PayloadError) -> [Digest] {
        try need(field) { json in
            guard let elements = json.array else { return nil }
            let digests = elements.compactMap(Fields.digest)
            return digests.count == elements.count ? digests : nil
        }
    }

    /// The member as one of the words of an enumeration.
    func word<Word: RawRepresentable<String>>(_ field: String) throws(PayloadError) -> Word {
        try need(field) { json in json.string.flatMap(Word.init) }
    }

    static func digest(_ json: JSON) -> Digest? { json.string.flatMap { Digest($0) } }
    static func time(_ json: JSON) -> Timestamp? { json.integer.map(Timestamp.init) }
    static func small(_ json: JSON) -> Int? { json.integer.flatMap { Int(exactly: $0) } }
}

extension Sequence<Digest> {
    /// As an array of text, in order: how sets of uids travel.
    var sortedJSON: JSON { .array(sorted().map(\.json)) }
}

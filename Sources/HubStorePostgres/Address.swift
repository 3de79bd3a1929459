#if Postgres
import CPostgres
import HubStore

/// Where a database is, as libpq reads it: `postgresql://…`, or `name=value` pairs.
struct Address: Sendable {
    /// May hold a secret: for libpq alone.
    let text: String
    /// For people: what of it is no secret.
    let place: String

    init(_ text: String) throws(StoreError) {
        let text = text.drop(while: \.isWhitespace)
        let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) }
        self.text = String(text[..<(end ?? text.startIndex)])
        guard !self.text.isEmpty else { throw .badAddress }
        // Its error would repeat parts of what it cannot read.
        guard let options = PQconninfoParse(self.text, nil) else { throw .badAddress }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                values[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        let name = values["dbname"] ?? values["user"] ?? ""
        let host = [values["host"] ?? values["hostaddr"], values["port"]]
            .compactMap { $0 }.joined(separator: ":")
        place = [name, host].filter { !$0.isEmpty }.joined(separator: " at ")
    }
}
#endif

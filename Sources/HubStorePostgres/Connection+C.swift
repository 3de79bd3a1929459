#if Postgres
import CPostgres
import Glibc

// What libpq wants to see of our values: arrays of pointers, for the length of a call.

typealias Pointers = UnsafePointer<UnsafePointer<CChar>?>

/// Lends texts as C strings, with a null pointer after the last.
func withCStrings<Answer>(_ texts: [String], _ body: (Pointers) -> Answer) -> Answer {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers = copies.map { $0.map { UnsafePointer($0) } } + [nil]
    return pointers.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("there is the last one") }
        return body(start)
    }
}

/// Lends values as parameters in binary form: how many, where they are, how long, and their format.
func withParameters<Answer>(
    _ values: [Value],
    _ body: (Int32, Pointers?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Answer
) -> Answer {
    let lengths = values.map { Int32($0.bytes?.count ?? 0) }
    let formats = values.map { _ in Int32(1) }
    // One more byte, so that an empty value lies somewhere too.
    let bytes = values.compactMap(\.bytes).joined() + [0]
    return bytes.withUnsafeBytes { buffer in
        var place = buffer.baseAddress
        let pointers = values.map { value -> UnsafePointer<CChar>? in
            guard let bytes = value.bytes, let start = place else { return nil }
            place = start + bytes.count
            return start.assumingMemoryBound(to: CChar.self)
        }
        return body(Int32(values.count), pointers, lengths, formats)
    }
}

/// What libpq says, on one line.
func line(of message: UnsafePointer<CChar>?) -> String {
    let text = message.map { String(cString: $0) } ?? ""
    return text.split(whereSeparator: \.isNewline)
        .map { $0.drop(while: \.isWhitespace) }.joined(separator: " ")
}
#endif

internal import CRE2

/// A compiled pattern in RE2 syntax: matching takes time linear in the text, whatever the pattern.
///
/// `@unchecked Sendable`: RE2 guarantees that matching with one compiled pattern from several
/// threads is safe, and the handle is never changed between `init` and `deinit`.
final class Pattern: @unchecked Sendable {
    let text: String
    private let handle: OpaquePointer

    /// What a pattern may use while compiled and matched; RE2 slows down there rather than fail.
    private static let memoryBytes: Int64 = 8 << 20

    init(_ text: String) throws(Refusal) {
        self.text = text
        var copy = text
        var reason = [CChar](repeating: 0, count: 200)
        let compiled = copy.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { pattern in
                CRE2Compile(
                    pattern.baseAddress,
                    pattern.count,
                    Self.memoryBytes,
                    &reason,
                    reason.count
                )
            }
        }
        guard let compiled else {
            let length = reason.firstIndex(of: 0) ?? reason.count
            throw Refusal(
                "the pattern is not RE2: "
                    + String(
                        decoding: reason[..<length].map(UInt8.init(bitPattern:)),
                        as: UTF8.self
                    )
            )
        }
        handle = compiled
    }

    deinit { CRE2Free(handle) }

    /// Whether the pattern matches anywhere in `text`.
    func matches(_ text: String) throws(Refusal) -> Bool {
        var copy = text
        var failed = false
        let found = copy.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { text in
                CRE2Matches(handle, text.baseAddress, text.count, &failed)
            }
        }
        if failed { throw Refusal("there was no memory to match the pattern") }
        return found
    }
}

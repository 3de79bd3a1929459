/// Which bytes of a blob a `Range` header asks for (RFC 9110, section 14).
enum ByteRange: Equatable {
    case whole
    case part(Range<Int>)
    /// None of what is asked for is there.
    case outside

    /// Several ranges at once, or what cannot be read, mean the whole.
    init(_ header: String?, of size: Int) {
        let parts = header?.hasPrefix("bytes=") == true ? header?.dropFirst(6) : nil
        guard let bounds = parts?.split(separator: "-", omittingEmptySubsequences: false),
            bounds.count == 2, bounds.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) })
        else {
            self = .whole
            return
        }
        switch (Int(bounds[0]), Int(bounds[1])) {
        case (let first?, let last?) where first <= last:
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .outside
        case (let first?, nil) where bounds[1].isEmpty:
            self = first < size ? .part(first..<size) : .outside
        case (nil, let count?) where bounds[0].isEmpty:
            self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .outside
        default: self = .whole
        }
    }
}

/// Where in a blob the bytes of an upload belong: `Content-Range: bytes FIRST-LAST/SIZE`.
struct UploadRange: Equatable {
    let first: Int
    /// How many bytes the request brings.
    let count: Int
    let size: Int

    /// Nil where it cannot be read, or contradicts itself.
    init?(_ header: String) {
        guard header.hasPrefix("bytes ") else { return nil }
        let halves = header.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        let bounds = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        let digits = bounds + [halves[1]]
        guard bounds.count == 2, digits.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }),
            let first = Int(bounds[0]), let last = Int(bounds[1]), let size = Int(halves[1]),
            first <= last, last < size
        else { return nil }
        self.first = first
        self.size = size
        count = last - first + 1
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

import Glibc

/// One line of input, without its line break.
package struct Line: Sendable, Equatable {
    package enum Flaw: Sendable, Equatable {
        /// `text` has U+FFFD where bytes were wrong.
        case invalidUTF8
        /// Only the beginning is here.
        case tooLong
    }

    /// From 1.
    package let number: Int
    package let bytes: [UInt8]
    package let flaw: Flaw?

    package var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Reads lines from a descriptor, waiting for them on the calling thread.
///
/// A line may end in `\n` or `\r\n`; the last needs neither. Of one longer than `limit` bytes the
/// rest is read and dropped, so memory is bounded and the next line is whole.
package struct LineReader: ~Copyable {
    private let descriptor: Int32
    private let limit: Int
    private var chunk: ArraySlice<UInt8> = []
    private var number = 0

    /// `limit` fits the largest case, 1 MiB, with everything in it escaped.
    package init(descriptor: Int32 = STDIN_FILENO, limit: Int = 8 << 20) {
        self.descriptor = descriptor
        self.limit = limit
    }

    package var isTerminal: Bool { isatty(descriptor) == 1 }

    /// The next line, or nil at the end of input.
    package mutating func next() throws(InputFailure) -> Line? {
        var bytes: [UInt8] = []
        var isTooLong = false
        var hasBegun = false
        while true {
            if chunk.isEmpty, try !fill() {
                if !hasBegun { return nil }
                break
            }
            hasBegun = true
            let end = chunk.firstIndex(of: UInt8(ascii: "\n"))
            bytes += chunk[..<(end ?? chunk.endIndex)]
            if bytes.count > limit {
                isTooLong = true
                bytes.removeSubrange(limit...)
            }
            chunk = end.map { chunk[($0 + 1)...] } ?? []
            if end != nil { break }
        }
        if !isTooLong, bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        number += 1
        let isValid = String(validating: bytes, as: UTF8.self) != nil
        return Line(
            number: number,
            bytes: bytes,
            flaw: isTooLong ? .tooLong : isValid ? nil : .invalidUTF8
        )
    }

    /// On a terminal, forgets what was typed so far: nobody answers a case they have not seen.
    ///
    /// In a pipe nothing was typed, and nothing is forgotten.
    package mutating func discardTypedAhead() {
        guard isTerminal else { return }
        chunk = []
        tcflush(descriptor, TCIFLUSH)
    }

    /// Reads what is there, or waits for something; false at the end of input.
    private mutating func fill() throws(InputFailure) -> Bool {
        var errorNumber: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            while true {
                let got = read(descriptor, buffer.baseAddress, buffer.count)
                count = max(got, 0)
                if got >= 0 { return }
                if errno == EAGAIN {
                    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    _ = poll(&request, 1, -1)  // However it ends, the next `read` tells.
                } else if errno != EINTR {
                    errorNumber = errno
                    return
                }
            }
        }
        if errorNumber != 0 { throw InputFailure(reason: String(cString: strerror(errorNumber))) }
        chunk = bytes[...]
        return !bytes.isEmpty
    }
}

/// Why input could not be read.
package struct InputFailure: Error, Equatable, CustomStringConvertible {
    package let reason: String

    package var description: String {
        "the input could not be read (\(reason)); what was decided is saved; run the command again"
    }
}

import Glibc

/// Why a line could not be printed.
package enum OutputFailure: Error, Equatable {
    /// Whoever was reading has left, as `head` does: a reason to stop, not to complain.
    case nobodyReads
    case notWritten(reason: String)
}

extension OutputFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nobodyReads: "nobody reads the output any more; what was decided is saved"
        case .notWritten(let reason):
            "the output could not be written (\(reason)); what was decided is saved; "
                + "make room or choose another place, then run the command again"
        }
    }
}

/// One stream of this process, written a whole line at a time.
///
/// A line is one `write` where the system takes it whole, so that lines of two processes do not
/// mix, and nothing waits in a buffer when the process dies.
package struct Output: Sendable {
    package let descriptor: Int32

    package init(descriptor: Int32) { self.descriptor = descriptor }

    /// For data.
    package static let standard = Output(descriptor: STDOUT_FILENO)
    /// For prompts, progress, notes and errors.
    package static let notes = Output(descriptor: STDERR_FILENO)

    package var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Writes `text` and a line feed.
    package func line(_ text: String) throws(OutputFailure) { try write(text + "\n") }

    /// Writes `text` as it is, such as a prompt whose answer belongs on the same line.
    package func write(_ text: String) throws(OutputFailure) {
        var text = text
        let errorNumber = text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written >= 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
                } else if errno == EAGAIN {
                    waitUntilWritable()
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
        switch errorNumber {
        case 0: return
        case EPIPE: throw .nobodyReads
        default: throw .notWritten(reason: String(cString: strerror(errorNumber)))
        }
    }

    /// A stream shared with another program may have been made non-blocking by it.
    private func waitUntilWritable() {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)  // However it ends, the next `write` tells.
    }
}

import Glibc

/// A file that a command was asked to write, `-` for standard output.
///
/// It is written beside its place and renamed into it, for its owner alone, so that there is never
/// half of one.
package struct FileOutput {
    private let path: String

    package init(path: String) { self.path = path }

    /// Where words about the file can go: not where the file goes.
    package var words: Output { path == "-" ? .notes : .standard }

    /// Writes all of it, or leaves what was there.
    package func write(_ bytes: [UInt8]) throws {
        if path == "-" { return try Self.write(bytes, to: STDOUT_FILENO, path) }
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.cannotWrite(path) }
        defer { close(descriptor) }
        do {
            try Self.write(bytes, to: descriptor, path)
            guard fsync(descriptor) == 0, rename(draft, path) == 0 else {
                throw Self.cannotWrite(path)
            }
        } catch {
            unlink(draft)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw cannotWrite(path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func cannotWrite(_ path: String) -> CommandFailure {
        CommandFailure(
            "cannotWrite",
            "\(path) could not be written (\(String(cString: strerror(errno)))); nothing else was "
                + "changed",
            hint: "make room, or name another file",
            exitCode: .cannotWrite
        )
    }
}

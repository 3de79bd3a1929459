import Crypto
import Foundation
package import Review

/// Files that are named by what is in them: `ab/abcd…`, the digits of their SHA-256.
///
/// A file has its name only once all of its bytes were hashed and are on the disk; what is still
/// coming is a part beside it, `ab/abcd….part`, which grows at its end (`BlobPart`).
package struct BlobFolder: Sendable, Equatable {
    package let path: String

    package init(path: String) { self.path = path }

    package func file(_ digest: Review.Digest) -> String {
        drawer(digest) + "/" + digest.bytes.hexadecimal
    }

    func drawer(_ digest: Review.Digest) -> String {
        path + "/" + digest.bytes.prefix(1).hexadecimal
    }

    func part(_ digest: Review.Digest) -> String { file(digest) + ".part" }

    /// How large the file is, nil where it is not here.
    package func size(of digest: Review.Digest) -> Int? { Self.size(file(digest)) }

    /// How much of the file has come so far.
    package func partSize(of digest: Review.Digest) -> Int { Self.size(part(digest)) ?? 0 }

    private static func size(_ path: String) -> Int? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Whether the file is here and every byte of it is as its name says.
    package func holds(_ digest: Review.Digest) -> Bool {
        guard let file = BlobFile(path: file(digest)) else { return false }
        var hash = SHA256()
        var place = 0
        while let bytes = file.read(at: place, upTo: 1 << 20) {
            if bytes.isEmpty { return hash.finalize().elementsEqual(digest.bytes) }
            hash.update(data: bytes)
            place += bytes.count
        }
        return false
    }

    /// Every file that is here whole, in order.
    package func all() -> [Review.Digest] {
        let manager = FileManager.default
        let drawers = (try? manager.contentsOfDirectory(atPath: path)) ?? []
        return drawers.flatMap { (try? manager.contentsOfDirectory(atPath: "\(path)/\($0)")) ?? [] }
            .compactMap { Digest("sha256:" + $0) }.sorted()
    }

    /// Removes a file with its part and every other name it has here; one that is not here is fine.
    package func remove(_ digest: Review.Digest) {
        let manager = FileManager.default
        let name = digest.bytes.hexadecimal
        let names = (try? manager.contentsOfDirectory(atPath: drawer(digest))) ?? []
        for found in names where found.hasPrefix(name) { unlink(drawer(digest) + "/" + found) }
    }

    /// A second name for the file, with an extension by which other programs know what it is.
    ///
    /// Where there can be no second name, it is the first.
    package func file(_ digest: Review.Digest, extension ending: String) -> String {
        let name = file(digest) + "." + ending
        unlink(name)  // It may be of a file that was removed since.
        return link(file(digest), name) == 0 ? name : file(digest)
    }

    /// Brings every file that is as its name says to another folder, and returns the others.
    ///
    /// On one disk both folders share the bytes.
    package func copy(to other: BlobFolder) throws -> [Review.Digest] {
        var damaged: [Review.Digest] = []
        for digest in all() {
            guard holds(digest) else {
                damaged.append(digest)
                continue
            }
            try other.makeDrawer(of: digest)
            if link(file(digest), other.file(digest)) == 0 || errno == EEXIST { continue }
            try other.take(file(digest), as: digest)
        }
        return damaged
    }

    /// Takes in a copy of the file at `path`.
    package func take(_ path: String, as digest: Review.Digest) throws {
        guard let file = BlobFile(path: path) else { throw BlobError.unreadable(path: path) }
        let part = try BlobPart(of: digest, in: self)
        try part.restart()
        while let bytes = file.read(at: part.size, upTo: 1 << 20), !bytes.isEmpty {
            try part.append(bytes)
        }
        try part.finish()
    }

    func makeDrawer(of digest: Review.Digest) throws {
        for folder in [path, drawer(digest)] where mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw BlobError.cannotWrite(path: folder, reason: String(cString: strerror(errno)))
        }
    }
}

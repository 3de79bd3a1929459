import Crypto
import Foundation
import Review
import Storage
import Testing

@Suite("Files named by their content")
struct BlobTests {
    private let folder = BlobFolder(
        path: NSTemporaryDirectory() + "countersign-blobs-\(UUID().uuidString)"
    )
    private let bytes = Array("a receipt, in a few bytes".utf8)

    private var digest: Review.Digest {
        Digest(bytes: Array(SHA256.hash(data: bytes))) ?? { preconditionFailure("32 bytes") }()
    }

    private func finished() throws {
        let part = try BlobPart(of: digest, in: folder)
        try part.append(bytes)
        try part.finish()
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test func `stopped after any byte, goes on from there`() throws {
        for count in 0...bytes.count {
            try BlobPart(of: digest, in: folder).append(Array(bytes[..<count]))
            #expect(folder.partSize(of: digest) == count && folder.size(of: digest) == nil)
            let part = try BlobPart(of: digest, in: folder)
            #expect(part.size == count)
            try part.append(Array(bytes[count...]))
            try part.finish()
            #expect(folder.holds(digest) && folder.partSize(of: digest) == 0)
            folder.remove(digest)
            #expect(folder.all().isEmpty)
        }
    }

    @Test func `what is not as its name says is removed`() throws {
        let part = try BlobPart(of: digest, in: folder)
        try part.append(bytes + [0])
        #expect(throws: BlobError.wrongContent(digest)) { try part.finish() }
        #expect(folder.partSize(of: digest) == 0 && folder.size(of: digest) == nil)
    }

    @Test func `one brings it at a time`() throws {
        let part = try BlobPart(of: digest, in: folder)
        #expect(throws: BlobError.busy) { try BlobPart(of: digest, in: folder) }
        try part.append(bytes)
        try part.finish()
    }

    @Test func `is for its owner alone`() throws {
        try finished()
        #expect(mode(folder.file(digest)) == 0o600)
        #expect(mode(folder.path) == 0o700)
    }

    @Test func `a changed byte is found, and left out of a copy`() throws {
        try finished()
        let copy = BlobFolder(path: folder.path + "-copy")
        #expect(try folder.copy(to: copy).isEmpty && copy.holds(digest))
        copy.remove(digest)
        try Data(bytes.reversed()).write(to: URL(fileURLWithPath: folder.file(digest)))
        #expect(!folder.holds(digest))
        #expect(try folder.copy(to: copy) == [digest] && copy.all().isEmpty)
    }

    @Test func `a second name goes when the file goes`() throws {
        try finished()
        let name = folder.file(digest, extension: "jpg")
        #expect(name == folder.file(digest) + ".jpg")
        #expect(FileManager.default.contents(atPath: name) == Data(bytes))
        folder.remove(digest)
        #expect(!FileManager.default.fileExists(atPath: name))
    }
}

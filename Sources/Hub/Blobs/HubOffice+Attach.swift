import Foundation
import Review
import Storage

extension HubOffice {
    /// Takes in the files that a line of cases names by `path`, and returns the line with hash and
    /// size in their place.
    ///
    /// A path counts from the folder of the case file and stays within it: a case is written by
    /// others, and must not hand out what else lies on this machine. Without a folder, as over HTTP,
    /// the line is returned as it is.
    func attach(_ line: CaseLine, filesIn folder: String?) throws -> CaseLine {
        guard let folder, !line.isCut, Self.mayNameFiles(line.bytes),
            var members = try? JSON(parsing: line.bytes).object,
            let attachments = members["attachments"]?.array
        else { return line }
        members["attachments"] = .array(
            try attachments.map { json in
                guard let path = json["path"] else { return json }
                return try attach(json, try file(path.string ?? "", in: folder))
            }
        )
        return CaseLine(number: line.number, bytes: JSON.object(members).canonicalBytes)
    }

    private static func mayNameFiles(_ bytes: [UInt8]) -> Bool {
        Data(bytes).range(of: Data("\"path\"".utf8)) != nil
    }

    /// The real place of a file that a case names.
    private func file(_ path: String, in folder: String) throws -> String {
        func real(_ path: String) -> String? {
            guard let found = realpath(path, nil) else { return nil }
            defer { free(found) }
            return String(cString: found)
        }
        guard let home = real(folder), let file = real(folder + "/" + path), !path.isEmpty else {
            throw Self.noFile(path, "is not there")
        }
        guard !path.hasPrefix("/"), file.hasPrefix(home == "/" ? home : home + "/"),
            real(self.folder.path).map({ !file.hasPrefix($0 + "/") }) ?? true
        else { throw Self.noFile(path, "lies outside the folder of the case file") }
        return file
    }

    private func attach(_ json: JSON, _ path: String) throws -> JSON {
        guard let file = BlobFile(path: path) else { throw Self.noFile(path, "is not a file") }
        guard file.size <= Attachment.limit else { throw Self.blobTooLarge }
        guard let bytes = file.read(at: 0, upTo: Attachment.limit + 1), bytes.count == file.size
        else { throw Self.noFile(path, "cannot be read") }
        let digest = sha256(bytes)
        var members = json.object ?? [:]
        members["path"] = nil
        members["name"] = members["name"] ?? .string(URL(fileURLWithPath: path).lastPathComponent)
        let told = members["sha256"]?.string.flatMap(Attachment.digest)
        members["sha256"] = members["sha256"] ?? .string(digest.bytes.hexadecimal)
        members["bytes"] = members["bytes"] ?? .integer(file.size)
        guard told ?? digest == digest, members["bytes"] == .integer(file.size) else {
            throw Self.noFile(path, "is not the one that `sha256` and `bytes` tell")
        }
        if !blobs.holds(digest) { try blobs.take(path, as: digest) }
        return .object(members)
    }

    private static func noFile(_ path: String, _ reason: String) -> HubFailure {
        HubFailure(
            "badAttachment",
            "the attachment \(path) \(reason); the case was not taken",
            hint: "`path` counts from the folder of the case file",
            kind: .badInput
        )
    }
}

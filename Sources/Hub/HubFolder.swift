import Foundation
import Glibc

/// The folder that holds a hub: its keys, of mode 0600, and its database.
///
/// Files are written beside their place and renamed into it, so that a crash leaves no half of one.
package struct HubFolder: Sendable, Equatable {
    package let path: String
    /// In which database the records are to be, where they are to be in one; may hold a secret.
    package var address: String?

    package init(path: String) { self.path = path }

    /// `given`, else `COUNTERSIGN_HUB_DATA`, else `countersign-hub` in the XDG data folder; and
    /// `COUNTERSIGN_HUB_DATABASE`, where that is set.
    package init(given: String?, environment: (String) -> String?) throws {
        func set(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        if let path = given ?? set("COUNTERSIGN_HUB_DATA") {
            self.init(path: path)
        } else if let data = set("XDG_DATA_HOME") {
            self.init(path: data + "/countersign-hub")
        } else if let home = set("HOME") {
            self.init(path: home + "/.local/share/countersign-hub")
        } else {
            throw HubFailure(
                "noHome",
                "there is no home folder to keep the hub in; nothing was written",
                hint: "name a folder with --data",
                kind: .badInput
            )
        }
        address = set("COUNTERSIGN_HUB_DATABASE")
    }

    package var database: String { file("hub.sqlite") }

    func file(_ name: String) -> String { path + "/" + name }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    /// The bytes of a file, or nil where there is none.
    func read(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: file(name)).map { [UInt8]($0) }
    }
}

// MARK: - Writing

extension HubFolder {
    /// Makes the folder for its owner alone; one that has other things in it keeps its mode.
    func make() throws {
        let manager = FileManager.default
        do {
            try manager.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            if try manager.contentsOfDirectory(atPath: path).isEmpty { chmod(path, 0o700) }
        } catch {
            throw Self.cannotWrite(path, errno == 0 ? "\(error)" : String(cString: strerror(errno)))
        }
    }

    /// Runs `body` while no other process runs one under the same folder.
    func locked<Answer>(_ body: () throws -> Answer) throws -> Answer {
        let descriptor = open(file("hub.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.cannotWrite(file("hub.lock"), Self.reason) }
        defer { close(descriptor) }  // Which also gives the lock back.
        while flock(descriptor, LOCK_EX) != 0 {
            if errno != EINTR { throw Self.cannotWrite(file("hub.lock"), Self.reason) }
        }
        return try body()
    }

    /// Writes a file whole or not at all, durably, for its owner alone.
    func write(_ bytes: [UInt8], to name: String) throws {
        let draft = file(".\(name).new")
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.cannotWrite(draft, Self.reason) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0,
            rename(draft, file(name)) == 0
        else { throw Self.cannotWrite(file(name), Self.reason) }
        syncNames()
    }

    /// Makes the names of the files in the folder durable.
    func syncNames() {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static var reason: String { String(cString: strerror(errno)) }

    private static func cannotWrite(_ path: String, _ reason: String) -> HubFailure {
        HubFailure(
            "cannotWrite",
            "\(path) cannot be written (\(reason)); what was there is untouched",
            hint: "make room, or name another folder with --data",
            kind: .cannotWrite
        )
    }
}

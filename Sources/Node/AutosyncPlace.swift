import Foundation
import Replica
import Review

/// Where the files of `autosync` are, and who is told of them.
package struct AutosyncPlace {
    /// The folder of the user's units.
    let units: String
    /// The hook that an administrator may copy, beside the replica.
    let hook: String
    /// Runs `systemctl --user` with these words; false where there is none, or it failed.
    let systemctl: ([String]) -> Bool

    package init(units: String, home: NodeHome, systemctl: @escaping ([String]) -> Bool) {
        self.units = units
        hook = home.folder + "/networkmanager-hook"
        self.systemctl = systemctl
    }

    private var service: String { units + "/\(Autosync.unit).service" }
    private var timer: String { units + "/\(Autosync.unit).timer" }
    private var files: [String] { [service, timer, hook] }
}

extension Desk {
    /// What syncs this node by itself.
    package func autosync(program: String, user: String) throws -> Autosync {
        try Autosync(
            program: program,
            home: URL(fileURLWithPath: home.folder).standardizedFileURL.path,
            user: user,
            device: replica.identity.device
        )
    }
}

extension AutosyncPlace {
    /// Writes the files and starts the timer; again changes nothing.
    package func install(_ autosync: Autosync) throws -> Report {
        guard systemctl(["show-environment"]) else { throw NodeError.noSystemd }
        for file in files where exists(file) && !isOurs(file) {
            throw NodeError.autosync(
                "\(file) is there and was not made by autosync; nothing was changed",
                hint: "move it away, then: `countersign autosync install`"
            )
        }
        try FileManager.default.createDirectory(atPath: units, withIntermediateDirectories: true)
        try write(autosync.service, to: service, mode: 0o644)
        try write(autosync.timer, to: timer, mode: 0o644)
        try write(autosync.hook, to: hook, mode: 0o755)
        guard systemctl(["daemon-reload"]),
            systemctl(["enable", "--now", Autosync.unit + ".timer"])
        else {
            _ = try remove()
            throw NodeError.autosync(
                "systemd did not start the timer; what was written has been removed again",
                hint: "see why: `systemctl --user status`, or use cron: \(autosync.cron)"
            )
        }
        return Report(
            ["installed": true, "files": .strings(files), "home": .string(autosync.home)],
            [
                "\(Autosync.unit).timer syncs \(autosync.home) every five minutes",
                "to sync as soon as a connection comes up, an administrator may copy the hook:",
                "  sudo install -m 755 \"\(hook)\" /etc/NetworkManager/dispatcher.d/90-countersign",
            ]
        )
    }

    /// Stops the timer and removes what `install` made, and nothing else.
    package func remove() throws -> Report {
        let ours = files.filter { exists($0) && isOurs($0) }
        if ours.contains(timer) {
            _ = systemctl(["disable", "--now", Autosync.unit + ".timer"])
        }
        for file in ours {
            do { try FileManager.default.removeItem(atPath: file) } catch {
                throw NodeError.cannotWrite(path: file, reason: error.localizedDescription)
            }
        }
        if !ours.isEmpty { _ = systemctl(["daemon-reload"]) }
        return Report(
            ["installed": false, "files": .strings(ours)],
            ours.isEmpty ? ["autosync was not installed"] : ours.map { "removed \($0)" }
        )
    }

    private func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: file) }

    private func isOurs(_ file: String) -> Bool {
        FileManager.default.contents(atPath: file).map { data in
            String(decoding: data, as: UTF8.self).split(separator: "\n").prefix(2)
                .contains { $0 == Autosync.mark }
        } ?? false
    }

    private func write(_ text: String, to file: String, mode: Int) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        } catch {
            throw NodeError.cannotWrite(path: file, reason: error.localizedDescription)
        }
    }
}

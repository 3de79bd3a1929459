import Console
import Foundation

/// Lets the person edit a text in `$VISUAL` or `$EDITOR`, `vi` where neither is set.
enum Editor {
    static func edit(_ text: String) throws -> String {
        let path = NSTemporaryDirectory() + "countersign-\(UUID().uuidString).json"
        _ = FileManager.default.createFile(
            atPath: path,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        defer { try? FileManager.default.removeItem(atPath: path) }
        let environment = ProcessInfo.processInfo.environment
        let editor = environment["VISUAL"] ?? environment["EDITOR"] ?? "vi"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "\(editor) \"$1\"", "sh", path]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0,
            let data = FileManager.default.contents(atPath: path)
        else {
            throw CommandFailure(
                "editor",
                "the editor \(editor) failed; nothing was saved",
                hint: "set EDITOR to one that works",
                exitCode: .failed
            )
        }
        return String(decoding: data, as: UTF8.self)
    }
}

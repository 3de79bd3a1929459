import Console
import Foundation

/// Shows a file to the person, with the command that `COUNTERSIGN_OPENER` names.
enum Opener {
    /// Whether there is such a command; it has ended when this returns.
    static func open(_ path: String) throws -> Bool {
        guard let command = HomeOptions.variable("COUNTERSIGN_OPENER") else { return false }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "\(command) \"$1\"", "sh", path]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailure(
                "opener",
                "\(command) could not open the attachment; it lies in \(path)",
                hint: "set COUNTERSIGN_OPENER to a program that can",
                exitCode: .failed
            )
        }
        return true
    }
}

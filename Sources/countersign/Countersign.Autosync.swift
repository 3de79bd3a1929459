import ArgumentParser
import Console
import Foundation
import Node

extension Countersign {
    struct AutosyncCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "autosync",
            abstract: "Sync by itself, with a systemd user timer.",
            usage: "countersign autosync install",
            subcommands: [Install.self, Remove.self]
        )
    }
}

extension Countersign.AutosyncCommand {
    struct Install: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the timer and start it; without systemd: print a line for cron."
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            let itself = "/proc/self/exe"
            let autosync = try home.desk().autosync(
                program: try FileManager.default.destinationOfSymbolicLink(atPath: itself),
                user: NSUserName()
            )
            let place = home.autosyncPlace
            do {
                try output.print(try place.install(autosync))
            } catch NodeError.noSystemd {
                try output.print(autosync.cronReport)
                throw NodeError.noSystemd
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop the timer and remove what `install` made."
        )
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: PrintOptions

        func run() throws { try output.print(try home.autosyncPlace.remove()) }
    }
}

extension HomeOptions {
    fileprivate var autosyncPlace: AutosyncPlace {
        let configuration =
            Self.variable("XDG_CONFIG_HOME") ?? (Self.variable("HOME") ?? ".") + "/.config"
        return AutosyncPlace(
            units: configuration + "/systemd/user",
            home: place(),
            systemctl: Self.systemctl
        )
    }

    /// Runs `systemctl --user`, found in `PATH`; what it says is for nobody, how it ends counts.
    private static func systemctl(_ words: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["systemctl", "--user"] + words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

import Review

/// What makes a machine sync by itself: the files, as text.
///
/// They hold two paths and no secret. Whatever starts a sync, the sync itself decides whether it is
/// time to ask (`--unattended`).
package struct Autosync: Sendable {
    /// The absolute path of this program.
    let program: String
    /// The absolute path of the node's folder.
    let home: String
    let user: String
    /// Spreads the nodes of a hub over the minutes of a cron line.
    let minute: Int

    /// Throws where a path holds what no unit or cron line can.
    package init(program: String, home: String, user: String, device: String) throws {
        for text in [program, home, user] where text.unicodeScalars.contains(where: Self.isControl)
        {
            throw NodeError.autosync(
                "\(text) holds a control character, which a timer's file cannot; nothing was changed",
                hint: "name another folder with --home"
            )
        }
        self.program = program
        self.home = home
        self.user = user
        minute = device.utf8.reduce(0) { $0 &+ Int($1) } % 15
    }

    /// By this line a file is known as ours; only such are written over, or removed.
    static let mark =
        "# Made by `countersign autosync install`; `countersign autosync remove` ends it."
    static let unit = "countersign-sync"

    var service: String {
        """
        \(Self.mark)
        [Unit]
        Description=Countersign: hand in verdicts, fetch cases and outcomes

        [Service]
        Type=oneshot
        ExecStart=\(Self.unitWord(program, isProgram: true)) sync --unattended --home \(Self.unitWord(home))
        # Partly done, stopped by a budget, offline or busy: none of them is this service's failure.
        SuccessExitStatus=3 4 75

        """
    }

    var timer: String {
        """
        \(Self.mark)
        [Unit]
        Description=Countersign: sync now and then

        [Timer]
        OnStartupSec=1min
        OnUnitInactiveSec=5min
        RandomizedDelaySec=30s

        [Install]
        WantedBy=timers.target

        """
    }

    /// For NetworkManager, which runs it as root: all it does is ask for what the timer asks for.
    var hook: String {
        """
        #!/bin/sh
        \(Self.mark)
        # Copied to /etc/NetworkManager/dispatcher.d, it lets a new connection start the sync.
        case "$2" in
        up | vpn-up | connectivity-change) ;;
        *) exit 0 ;;
        esac
        exec systemctl --user --machine=\(Self.shellWord(user + "@")) --no-block start \(Self.unit).service

        """
    }

    /// For machines without systemd.
    var cron: String {
        let command = "\(Self.shellWord(program)) sync --unattended --home \(Self.shellWord(home))"
        // To cron an unescaped `%` is the end of the command, inside of quotes too.
        let escaped = command.split(separator: "%", omittingEmptySubsequences: false)
        return "\(minute)-59/15 * * * * \(escaped.joined(separator: #"\%"#)) >/dev/null"
    }
}

extension Autosync {
    package var cronReport: Report { Report(["installed": false, "cron": .string(cron)], [cron]) }
}

// MARK: - Quoting

extension Autosync {
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }

    /// One word of `ExecStart` (systemd.service(5)): variables stand in arguments, not in the path.
    private static func unitWord(_ text: String, isProgram: Bool = false) -> String {
        var word = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\", "\"": word += "\\\(character)"
            case "%": word += "%%"
            case "$" where !isProgram: word += "$$"
            default: word.unicodeScalars.append(character)
            }
        }
        return "\"\(word)\""
    }

    private static func shellWord(_ text: String) -> String {
        "'"
            + text.split(separator: "'", omittingEmptySubsequences: false).joined(
                separator: #"'\''"#
            )
            + "'"
    }
}

import Glibc

/// How output may look where it goes.
///
/// Colour never carries meaning alone; `isPlain` asks for ASCII and `name: value` lines.
package struct Look: Sendable, Equatable {
    package let colour: Bool
    package let pictures: Bool
    package let isPlain: Bool
    package let columns: Int

    /// The look of `output`, from the environment of this process; `plain` is `--plain`.
    package init(of output: Output, plain: Bool = false) {
        self.init(
            isTerminal: output.isTerminal,
            columns: Self.columns(of: output),
            plain: plain,
            environment: { name in getenv(name).map { String(cString: $0) } }
        )
    }

    /// `NO_COLOR` counts when it is set and not empty (no-color.org); a terminal that does not say
    /// what it is counts as `dumb`.
    package init(
        isTerminal: Bool,
        columns: Int?,
        plain: Bool,
        environment: (String) -> String?
    ) {
        let terminal = environment("TERM") ?? ""
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment).first { !$0.isEmpty } ?? ""
        let codeset = locale.lowercased()
        isPlain =
            plain || terminal == "dumb"
            || !(codeset.contains("utf-8") || codeset.contains("utf8"))
        pictures = isTerminal && !isPlain && !terminal.isEmpty
        colour = pictures && (environment("NO_COLOR") ?? "").isEmpty
        self.columns = columns ?? 80
    }

    private static func columns(of output: Output) -> Int? {
        var size = winsize()
        guard ioctl(output.descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }
}

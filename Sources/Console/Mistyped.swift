import Review

extension CommandFailure {
    /// A first word that is no command, with the commands nearest to it; nil where it is one.
    package init?(mistyped arguments: [String], of program: String, commands: [String]) {
        guard let first = arguments.first, !first.hasPrefix("-"), !commands.contains(first) else {
            return nil
        }
        let near = nearest(to: first, among: commands).map { "`\(program) \($0)`" }
        self.init(
            "usage",
            "there is no command \(first); nothing was done",
            hint: near.isEmpty
                ? "see `\(program) --help`" : "did you mean \(near.joined(separator: " or "))?",
            exitCode: .usage
        )
    }
}

import Glibc

@main
struct Main {
    static func main() {
        umask(0o077)  // What a node writes is for its owner alone.
        signal(SIGPIPE, SIG_IGN)  // A reader that leaves is an error we can name.
        exit(Runner.run(Array(CommandLine.arguments.dropFirst())))
    }
}

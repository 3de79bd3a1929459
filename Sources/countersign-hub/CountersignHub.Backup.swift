import ArgumentParser
import Console
import Hub

extension CountersignHub {
    struct Backup: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy the hub into a new folder while it runs, and check the copy.",
            usage: "countersign-hub backup /mnt/usb/hub-2026-11-25"
        )
        @Argument(help: "A folder that does not exist yet.") var path: String
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws { try output.print(folder.office().backup(to: path)) }
    }

    struct Doctor: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Is what people said safe? Checks every backup, and says what to do.",
            usage: "countersign-hub doctor"
        )
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            if try !folder.office().doctor(output.print) { throw Ended(code: .partlyDone) }
        }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a hub of a backup: nodes bring back what came after it.",
            usage: "countersign-hub restore /mnt/usb/hub-2026-11-25 --data hub"
        )
        @Argument(help: "The folder of the backup.") var path: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            try output.print(
                HubOffice.restore(from: path, to: database.folder(folder), opener: storeOpener)
            )
        }
    }

    struct Rebuild: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a hub that lost its folder anew: nodes bring back what they hold.",
            usage: "countersign-hub rebuild --data hub --root-key /mnt/usb/root.key anna.up"
        )
        @Argument(help: "What nodes sent by file.") var bundles: [String] = []
        @Option(help: "The copy of root.key that was kept, or - for standard input.")
        var rootKey: String
        @Option(help: "A host name or address that nodes use; may be repeated.")
        var name: [String] = []
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            try output.print(
                HubOffice.rebuild(
                    in: database.folder(folder),
                    rootKey: readFile(rootKey),
                    names: name.map { try HostName($0) },
                    bundles: bundles.map(readFile),
                    opener: storeOpener
                )
            )
        }
    }

    struct Recover: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What a restored or rebuilt hub waits for.",
            subcommands: [Show.self, End.self]
        )

        struct Show: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Who is awaited, what is back, and what is missing, by count."
            )
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws { try output.print(folder.office().showRecovery()) }
        }

        struct End: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Wait no longer for devices that will not sync.",
                usage: "countersign-hub recover end --by olga --because 'the tablet is lost'"
            )
            @Option(help: "Who says so.") var by: String
            @Option(help: "Why, in a sentence.") var because: String
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                try output.print(folder.office().endRecovery(by: by, because: because))
            }
        }
    }
}

import ArgumentParser
import Console
import Hub

extension CountersignHub {
    struct BundleCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bundle",
            abstract: "Sync by file, for nodes that have no network.",
            subcommands: [Import.self, Export.self]
        )

        struct Import: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Take in what a node put into a file; twice does no harm.",
                usage: "countersign-hub bundle import /mnt/usb/anna.up --answer /mnt/usb/anna.down"
            )
            @Argument(help: "A node's bundle or request to enrol; - for standard input.")
            var file: String
            @Option(help: "Where to put what goes back; - for standard output.")
            var answer: String?
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                let office = try folder.office()
                let taken = try office.importBundle(readFile(file))
                guard let answer else { return try printAndHint(taken) }
                let place = FileOutput(path: answer)
                try output.print(taken.shown, to: place.words)
                let (bytes, shown) = try office.exportBundle(for: taken.device)
                try place.write(bytes)
                if !output.json { try output.print(shown, to: place.words) }
            }

            private func printAndHint(_ taken: ImportedBundle) throws {
                try output.print(taken.shown)
                guard !output.json else { return }
                try Output.standard.line(
                    "what goes back: `countersign-hub bundle export FILE --for \(taken.device)`"
                )
            }
        }

        struct Export: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Put receipts and what is new for a device into a file.",
                usage: "countersign-hub bundle export /mnt/usb/anna.down --for d3f…"
            )
            @Argument(help: "The file to write, or - for standard output.") var file: String
            @Option(name: .customLong("for"), help: "A device, as its `status` names it.")
            var device: String
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                let (bytes, shown) = try folder.office().exportBundle(for: device)
                let place = FileOutput(path: file)
                try place.write(bytes)
                try output.print(shown, to: place.words)
            }
        }
    }
}

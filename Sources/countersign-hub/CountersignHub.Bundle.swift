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
                usage: "countersign-hub bundle import /mnt/usb/anna.up"
            )
            @Argument(help: "A bundle of a node, or - for standard input.") var file: String
            @OptionGroup var folder: FolderOptions
            @OptionGroup var output: PrintOptions

            func run() throws {
                try output.print(folder.office().importBundle(readFile(file)))
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

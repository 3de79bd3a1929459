import ArgumentParser
import Console
import Foundation
import Glibc
import Hub

extension CountersignHub {
    struct Intake: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take cases in, JSON lines, and answer each with what may be done now.",
            usage: "countersign-hub intake cases.jsonl"
        )
        @Argument(help: "A file of JSON lines, or -.") var file: String
        @OptionGroup var folder: FolderOptions
        @OptionGroup var output: PrintOptions

        func run() throws {
            let office = try folder.office()
            let descriptor = try openFile(file)
            defer { if descriptor != STDIN_FILENO { close(descriptor) } }
            let refused = try run(office, LineReader(descriptor: descriptor))
            if refused > 0 { throw Ended(code: .partlyDone) }
        }

        /// Where the attachments of the cases lie; standard input comes from nowhere.
        private var attachments: String? {
            file == "-" ? nil : URL(fileURLWithPath: file).deletingLastPathComponent().path
        }

        /// Hands the lines over in batches that the hub takes in one step each.
        private func run(_ office: HubOffice, _ reader: consuming LineReader) throws -> Int {
            var refused = 0
            var batch: [CaseLine] = []
            var bytes = 0
            var isRead = true
            func hand() throws {
                let answer = try office.intake(lines: batch, filesIn: attachments)
                do {
                    for shown in answer.answers where isRead {
                        try Output.standard.json(shown.json)
                    }
                } catch OutputFailure.nobodyReads {
                    isRead = false  // Whoever listened to the answers sent all of the cases.
                }
                refused += answer.refused
                batch = []
                bytes = 0
            }
            while let line = try reader.next() {
                if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
                batch.append(
                    CaseLine(number: line.number, bytes: line.bytes, isCut: line.flaw == .tooLong)
                )
                bytes += line.bytes.count
                if batch.count == 256 || bytes > 8 << 20 { try hand() }
            }
            try hand()
            return refused
        }
    }
}

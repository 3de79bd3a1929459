import Foundation
import Node
import Review
import Storage
import Sync
import Testing

@Suite("Before going offline")
struct PreflightTests {
    private let laptop: Laptop
    private let bytes = Array("a receipt".utf8)

    init() throws { laptop = try Laptop() }

    private func receive(_ ids: [String]) throws -> [CaseName] {
        let hash = Cryptography.system.hash(bytes).bytes.hexadecimal
        let attachment: JSON = [
            "name": "receipt", "sha256": .string(hash), "bytes": .integer(bytes.count),
        ]
        return try ids.map { try laptop.receives($0, attachments: [attachment]) }
    }

    private func preflight(hours: Int? = nil) throws -> (isReady: Bool, report: Report, json: JSON)
    {
        let found = try laptop.desk.preflight(hours: hours)
        return (found.isReady, found.report, try JSON(parsing: found.report.json))
    }

    @Test func `names what is missing until it is here`() throws {
        _ = try receive(["T-1", "T-2"])
        let before = try preflight()
        #expect(!before.isReady)
        #expect(
            before.json["undecidable"]?.array?.first == [
                "case": "refunds/T-1", "reason": "attachmentNotHere", "attachments": [1],
            ]
        )
        #expect(before.json["attachmentsMissing"] == 1 && before.json["bytesMissing"] == 9)
        #expect(
            before.report.lines == [
                "2 cases wait for you", "refunds/T-1: not here yet: attachment 1",
                "refunds/T-2: not here yet: attachment 1",
                "1 to fetch, 1 KB: `countersign sync`", "not ready to go offline",
            ]
        )
        let part = try BlobPart(of: Cryptography.system.hash(bytes), in: laptop.desk.blobs)
        try part.append(bytes)
        #expect(try preflight().json["bytesMissing"] == 0)
        try part.finish()
        let after = try preflight()
        #expect(after.isReady && after.json["undecidable"] == [])
        #expect(after.report.lines == ["2 cases wait for you", "ready to go offline"])
    }

    @Test func `tells by the reviewer's own pace what fits, once it is known`() throws {
        let session = laptop.session()
        for number in 1...5 { try laptop.receives("T-\(number)") }
        _ = try session.start(at: 0)
        #expect(try preflight(hours: 1).json["fits"] == .null)
        for number in 1...5 {
            _ = session.handle("refunds/T-\(number) deny", at: Int64(number) * 60_000)
        }
        for number in 6...80 { try laptop.receives("T-\(number)") }
        let tight = try preflight(hours: 1)
        #expect(tight.isReady && tight.json["millisecondsPerCase"] == 60_000)
        #expect(tight.json["casesThatFit"] == 60 && tight.json["fits"] == false)
        #expect(tight.report.lines.contains("at 60 s a case, your pace, 60 fit into 1 h"))
        #expect(try preflight(hours: 2).json["fits"] == true)
    }
}

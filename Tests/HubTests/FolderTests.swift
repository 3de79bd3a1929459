import Foundation
import Hub
import HubStore
import Review
import Sync
import Synchronization
import Testing

@Suite("A hub's folder")
struct FolderTests {
    @Test func `holds keys that only their owner reads`() throws {
        let hub = try TemporaryHub()
        let manager = FileManager.default
        func mode(_ path: String) throws -> Int? {
            try manager.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(hub.folder.path) == 0o700)
        for (name, size) in [("root.key", 64), ("root.pub", 32), ("hub.key", 64), ("draw.key", 32)]
        {
            let path = hub.folder.path + "/" + name
            #expect(try mode(path) == 0o600, "\(name)")
            #expect(manager.contents(atPath: path)?.count == size, "\(name)")
        }
    }

    @Test func `becomes one hub, however many start at once`() throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        let names = Mutex<Set<HubName>>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            guard let office = try? HubOffice(in: folder, making: true),
                let name = try? office.store.hub()
            else { return }
            _ = names.withLock { $0.insert(name) }
        }
        let found = names.withLock { $0 }
        #expect(found.count == 1)
        let name = try #require(found.first)
        #expect(name.id.count == 33 && name.id.hasPrefix("h"))
        #expect(name.epoch.count == 18 && name.epoch.hasPrefix("1."))
        #expect(try HubOffice(in: folder).verify().holds)
    }

    @Test func `goes on where a start was interrupted before the hub had its name`() throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        let first = try HubOffice(in: folder, making: true).store.hub()
        let manager = FileManager.default
        for name in ["hub.sqlite", "hub.sqlite-wal", "hub.sqlite-shm", "draw.key"] {
            try? manager.removeItem(atPath: folder.path + "/" + name)
        }
        let half = folder.path + "/hub.sqlite.new"
        #expect(manager.createFile(atPath: half, contents: Data("half".utf8)))

        let again = try HubOffice(in: folder, making: true)
        #expect(again.store.hubID == first.id, "the keys that were there are kept")
        #expect(try again.verify().holds)
    }

    @Test func `without a hub says how to make one`() throws {
        let folder = temporaryFolder()
        let failure = try #require(throws: HubFailure.self) { try HubOffice(in: folder) }
        #expect(failure.code == "noHub" && failure.kind == .notFound)
        #expect(failure.hint?.contains("countersign-hub serve") == true)
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func `never replaces a key that is lost`() throws {
        let hub = try TemporaryHub()
        try FileManager.default.removeItem(atPath: hub.folder.path + "/hub.key")
        let failure = try #require(throws: HubFailure.self) {
            try HubOffice(in: hub.folder, making: true)
        }
        #expect(failure.code == "keyMissing")
        #expect(!FileManager.default.fileExists(atPath: hub.folder.path + "/hub.key"))
    }

    @Test func `refuses the keys of another hub`() throws {
        let (one, other) = (try TemporaryHub(), try TemporaryHub())
        let manager = FileManager.default
        try manager.removeItem(atPath: one.folder.path + "/root.pub")
        try manager.copyItem(
            atPath: other.folder.path + "/root.pub",
            toPath: one.folder.path + "/root.pub"
        )
        let failure = try #require(throws: HubFailure.self) { try HubOffice(in: one.folder) }
        #expect(failure.code == "otherKeys")
    }

    @Test(
        arguments: [
            ("given", ["COUNTERSIGN_HUB_DATA": "variable", "HOME": "home"], "given"),
            (nil, ["COUNTERSIGN_HUB_DATA": "variable", "XDG_DATA_HOME": "xdg"], "variable"),
            (nil, ["XDG_DATA_HOME": "xdg", "HOME": "home"], "xdg/countersign-hub"),
            (nil, ["XDG_DATA_HOME": "", "HOME": "home"], "home/.local/share/countersign-hub"),
        ] as [(String?, [String: String], String)]
    )
    func `is found`(given: String?, environment: [String: String], path: String) throws {
        #expect(try HubFolder(given: given, environment: { environment[$0] }).path == path)
    }

    /// `statistics.md`, section 14: the key 00 01 … 1f.
    @Test func `draws as published`() throws {
        let hub = try TemporaryHub()
        let key = Data(0..<32)
        try key.write(to: URL(fileURLWithPath: hub.folder.path + "/draw.key"))
        let keys = try HubOffice(in: hub.folder).keys
        let names = [CaseName("refunds/T-1029"), CaseName("refunds/T-1031")].compactMap { $0 }
        #expect(names.map { keys.draw($0, "sample") } == [1_826_721_814, 53_219_169])
    }

    @Test func `gives a folder of before the key that bundles are sealed to, once`() throws {
        let hub = try TemporaryHub()
        let path = hub.folder.path + "/hub.key"
        let before = try #require(FileManager.default.contents(atPath: path)).prefix(32)
        try before.write(to: URL(fileURLWithPath: path))
        let again = try HubOffice(in: hub.folder)
        try again.publishAgreement()
        let after = try #require(FileManager.default.contents(atPath: path))
        #expect(after.count == 64 && after.prefix(32) == before)
        let keys = try again.store.entries(after: 0, kinds: [.hubKey], caseKey: nil, limit: .max)
        let chains = try keys.compactMap { HubChain(json: try $0.document.content()) }
        #expect(chains.count == 2)
        #expect(chains.allSatisfy { $0.holds(under: again.keys.root, .crypto) })
        #expect(chains[0].agreement != chains[1].agreement)
        try again.publishAgreement()
        #expect(try again.store.read(Wanted()).hubSeq == keys.last?.hubSeq)
    }
}

import Foundation

/// Where a hub keeps its records.
enum HubRecords: Equatable {
    /// In a file in its folder.
    case file
    /// In a database, whose address may hold a secret.
    case elsewhere(address: String)
}

extension HubFolder {
    /// A file that is there when the records are elsewhere, and says where.
    private static let addressFile = "database"

    /// Where the hub's records are, nil where there is no hub yet.
    ///
    /// What is given by hand goes before what the folder says, as after a change of password.
    var records: HubRecords? {
        if has("hub.sqlite") { return .file }
        guard let kept = read(Self.addressFile) else { return nil }
        return .elsewhere(address: address ?? String(decoding: kept, as: UTF8.self))
    }

    /// Says for every later command where the records are; for the owner's eyes alone.
    func remember(address: String) throws {
        try write(Array(address.utf8), to: Self.addressFile)
    }

    /// Refuses an address for a hub that has its records in the folder: they would stay behind.
    func checkAddress() throws {
        guard address != nil, records == .file else { return }
        throw HubFailure(
            "otherDatabase",
            "the hub in \(path) keeps its records in \(database), and not in another database; "
                + "nothing was changed",
            hint: "to move it: stop it, `countersign-hub backup DIR`, then with "
                + "COUNTERSIGN_HUB_DATABASE `countersign-hub restore DIR --data NEW`",
            kind: .refused
        )
    }
}

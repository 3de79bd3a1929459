package import Sync

/// Opens a hub's records in a database elsewhere; the address may hold a secret.
package typealias StoreOpener =
    @Sendable (_ address: String, _ beginning: StoreBeginning) throws -> any Store

/// What a store that is opened begins with.
package enum StoreBeginning: Sendable {
    /// With what is there, and must be.
    case present
    /// With nothing but the hub's name; or with what is there.
    case new(HubName)
    /// With all that a backup holds; nothing may be there.
    case copy(of: SQLiteStore)
}

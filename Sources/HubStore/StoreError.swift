/// Why a hub's records cannot be used that are in a database elsewhere.
///
/// What is lost while a transaction is open did not happen, unless only the word of its commit was
/// lost: then doing it again is safe (**OnceOnly**).
package enum StoreError: Error, Equatable {
    /// What says where the database is makes no sense; it may hold a secret, so it is not repeated.
    case badAddress
    /// There are no records of a hub in that database.
    case noHub(place: String)
    /// There are some already.
    case exists(place: String)
    case tooNew(place: String)
    /// No connection can be made, or it was lost.
    case unreachable(reason: String)
    /// Others write, or hold what this wants to write, for longer than there is patience.
    case busy
    case notAllowed(reason: String)
    case full(reason: String)
    case damaged(reason: String)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badAddress: "what says where the hub's database is cannot be read"
        case .noHub(let place): "there is no hub in the database \(place)"
        case .exists(let place): "there is a hub in the database \(place) already"
        case .tooNew(let place): "the database \(place) was written by a newer version"
        case .unreachable(let reason): "the hub's database cannot be reached (\(reason))"
        case .busy: "another process is writing to the hub"
        case .notAllowed(let reason): "the hub's database does not allow it (\(reason))"
        case .full(let reason): "the hub's database cannot take more (\(reason))"
        case .damaged(let reason): "the hub's database cannot be read (\(reason))"
        }
    }
}

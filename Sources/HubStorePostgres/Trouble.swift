#if Postgres
import HubStore

extension StoreError {
    /// What an error of the server, or of the line to it, means for a hub.
    ///
    /// By its SQLSTATE; where there is none nobody answers any more.
    init(_ rows: Rows, otherwise message: String) {
        let sqlState = Int32(UInt8(ascii: "C"))
        let primary = Int32(UInt8(ascii: "M"))
        let reason = rows.problem(primary) ?? message
        guard let code = rows.problem(sqlState) else {
            self = .unreachable(reason: reason)
            return
        }
        switch code {
        case "55P03", "40001", "40P01": self = .busy
        // Shut down, not up yet, too many of us, given up on, or one that only reads.
        case "57P01", "57P02", "57P03", "57014", "53300", "53200", "25P03", "25006":
            self = .unreachable(reason: reason)
        case "42501": self = .notAllowed(reason: reason)
        default:
            switch code.prefix(2) {
            case "08": self = .unreachable(reason: reason)
            case "53", "58": self = .full(reason: reason)
            default: self = .damaged(reason: reason)
            }
        }
    }
}
#endif

#if Postgres
import Dispatch
import HubStore
import Synchronization

/// A few connections to one database, each lent to one thread at a time.
///
/// They are made when they are needed. One that is lost takes those with it that wait: after a
/// restart of the server each would fail somebody.
final class ConnectionPool: Sendable {
    /// A server lends a hundred by default, to everybody together.
    private static let most = 8

    let address: Address
    private let idle = Mutex<[Connection]>([])
    private let seats = DispatchSemaphore(value: most)

    init(_ address: Address) { self.address = address }

    /// What reads may see, and whether others write meanwhile.
    enum Transaction: String {
        /// Writers take turns, in all processes, and each sees all that was written before.
        ///
        /// The lock is "CsHb", and ends with the transaction, or with its process.
        case writing = """
            BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(1131628642)
            """
        /// Everything as of one moment.
        case reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    }

    /// Lets `body` do all of it or nothing.
    func transaction<Answer>(
        _ transaction: Transaction,
        _ body: (Connection) throws -> Answer
    ) throws -> Answer {
        try use { connection in
            try connection.execute(transaction.rawValue)
            do {
                let answer = try body(connection)
                try connection.settle()
                let end = try connection.execute("COMMIT")
                // A transaction that has failed is rolled back by it, without an error.
                guard end.word == "COMMIT" else { throw StoreError.damaged(reason: end.word) }
                return answer
            } catch {
                connection.rollBack()
                throw error
            }
        }
    }

    /// Lends a connection for single statements, each of which is a transaction.
    func use<Answer>(_ body: (Connection) throws -> Answer) throws -> Answer {
        seats.wait()
        defer { seats.signal() }
        let connection = try take()
        defer {
            idle.withLock { idle in
                if connection.isBroken { idle = [] } else { idle.append(connection) }
            }
        }
        return try body(connection)
    }

    private func take() throws -> Connection {
        while let connection = idle.withLock({ $0.popLast() }) {
            if !connection.isGone { return connection }
        }
        return try Connection(address)
    }
}
#endif

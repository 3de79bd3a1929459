#if Postgres
import CPostgres
import HubStore

/// Sole owner of one connection, used by one thread at a time: `ConnectionPool` sees to that.
///
/// Whoever has an error from it throws it away, so that it is always in a known state.
final class Connection: @unchecked Sendable {
    private let pointer: OpaquePointer
    /// The names of the statements that the server has read, by their text.
    private var prepared: [String: String] = [:]
    /// How many answers are awaited that were not asked for yet.
    private var awaited = 0
    private(set) var isBroken = false

    /// What stands before `dbname` may be changed by the address, what stands after it may not.
    private static let before = [
        "connect_timeout": "10", "tcp_user_timeout": "30000", "keepalives_idle": "30",
    ]
    private static let after = [
        "client_encoding": "UTF8", "fallback_application_name": "countersign-hub",
    ]

    init(_ address: Address) throws(StoreError) {
        let settings =
            Self.before.sorted { $0.key < $1.key } + [(key: "dbname", value: address.text)]
            + Self.after.sorted { $0.key < $1.key }
        let connection = withCStrings(settings.map(\.key)) { names in
            withCStrings(settings.map(\.value)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let connection else { throw .unreachable(reason: "there is no memory for it") }
        pointer = connection
        guard PQstatus(pointer) == CONNECTION_OK else {
            throw .unreachable(reason: line(of: PQerrorMessage(pointer)))
        }
        PQsetNoticeProcessor(pointer, { _, _ in }, nil)  // Which would write to standard error.
        // **ReceiptHolds**: what the server may be set up to forget is not what we confirm.
        try execute(
            """
            SET search_path TO countersign;
            SET lock_timeout TO '30s';
            SET idle_in_transaction_session_timeout TO '60s';
            SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') = 'off'
            """
        )
    }

    deinit { PQfinish(pointer) }

    /// Whether the server has gone away since, as far as can be told without asking it.
    ///
    /// What it said last is read first, and only then that it has hung up.
    var isGone: Bool { PQconsumeInput(pointer) == 0 || PQconsumeInput(pointer) == 0 }

    /// Carries out statements without values, several if need be.
    @discardableResult
    func execute(_ text: String) throws(StoreError) -> Rows { try checked(PQexec(pointer, text)) }

    /// What a statement answers.
    @discardableResult
    func rows(_ query: Query) throws(StoreError) -> Rows {
        let text = query.text
        let values = query.values
        let name = prepared[text] ?? "s\(prepared.count)"
        if prepared[text] == nil {
            let types = values.map(\.type)
            _ = try checked(PQprepare(pointer, name, text, Int32(types.count), types))
            prepared[text] = name
        }
        return try checked(
            withParameters(values) { count, values, lengths, formats in
                PQexecPrepared(pointer, name, count, values, lengths, formats, 1)
            }
        )
    }

    /// Takes back what the open transaction has done, and throws nothing: what is told is why.
    func rollBack() {
        isBroken = isBroken || awaited > 0
        if !isBroken { _ = try? execute("ROLLBACK") }
    }

    fileprivate func checked(_ result: OpaquePointer?) throws(StoreError) -> Rows {
        let rows = Rows(result)
        switch rows.status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_PIPELINE_SYNC: return rows
        default:
            isBroken = true
            throw StoreError(rows, otherwise: line(of: PQerrorMessage(pointer)))
        }
    }
}

// MARK: - Many statements to a round trip

extension Connection {
    /// So few that what the server answers always has room on its way.
    private static let most = 200

    /// Sends a statement whose answer does not matter, and goes on before it has come.
    ///
    /// What goes wrong is thrown by this or a later one, at the latest by `settle`.
    func send(_ query: Query) throws(StoreError) {
        if awaited == 0 { try succeed(PQenterPipelineMode(pointer)) }
        let text = query.text
        let values = query.values
        let name = prepared[text] ?? "s\(prepared.count)"
        if prepared[text] == nil {
            let types = values.map(\.type)
            try succeed(PQsendPrepare(pointer, name, text, Int32(types.count), types))
            awaited += 1
            prepared[text] = name
        }
        try succeed(
            withParameters(values) { count, values, lengths, formats in
                PQsendQueryPrepared(pointer, name, count, values, lengths, formats, 1)
            }
        )
        awaited += 1
        if awaited >= Self.most { try settle() }
    }

    /// Waits until everything that was sent is done.
    func settle() throws(StoreError) {
        guard awaited > 0 else { return }
        try succeed(PQpipelineSync(pointer))
        for _ in 0..<awaited {
            _ = try checked(PQgetResult(pointer))
            guard PQgetResult(pointer) == nil else { preconditionFailure("one answer a statement") }
        }
        _ = try checked(PQgetResult(pointer))
        try succeed(PQexitPipelineMode(pointer))
        awaited = 0
    }

    private func succeed(_ status: Int32) throws(StoreError) {
        guard status != 1 else { return }
        isBroken = true
        throw .unreachable(reason: line(of: PQerrorMessage(pointer)))
    }
}
#endif

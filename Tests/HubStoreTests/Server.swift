import Foundation
import HubStore

// The server that `Tests/EndToEnd/postgres.py` starts, in a build that can speak with it.

#if Postgres
@testable import HubStorePostgres

let serverAddress = ProcessInfo.processInfo.environment["COUNTERSIGN_TEST_DATABASE"] ?? ""
let hasServer = !serverAddress.isEmpty

func openPostgres(at address: String, _ beginning: StoreBeginning) throws -> any Store {
    try PostgresStore(at: address, beginning)
}

func serverSays(_ text: String) throws { try Connection(Address(serverAddress)).execute(text) }
#else
let serverAddress = ""
let hasServer = false

func openPostgres(at address: String, _ beginning: StoreBeginning) throws -> any Store {
    preconditionFailure("this build has no PostgreSQL")
}

func serverSays(_ text: String) throws {}
#endif

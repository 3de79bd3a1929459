import HubStore

#if Postgres
import HubStorePostgres

/// What opens records that are not in the hub's folder.
let storeOpener: StoreOpener? = { try PostgresStore(at: $0, $1) }
#else
/// What opens records that are not in the hub's folder: this program has nothing for it.
let storeOpener: StoreOpener? = nil
#endif

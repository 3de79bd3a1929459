import HubStore
import Review
import Storage

extension HubOffice {
    /// Every file, byte for byte; what cases name and is not here is only counted: it may come.
    func checkBlobs(_ verification: inout Verification) throws {
        let here = blobs.all()
        verification.blobs = here.count
        for digest in here where !blobs.holds(digest) {
            verification.fail(
                "attachment",
                digest,
                "its bytes have another hash; bring the file again, with `intake` or PUT"
            )
        }
        verification.awaitedBlobs = Set(try store.attachments()).subtracting(here).count
    }
}

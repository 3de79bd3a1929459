import Foundation
import Sealing

extension AgreementKey {
    /// This device's own, which never leaves its file; nil where it has none yet.
    static func kept(in home: NodeHome) -> AgreementKey? {
        FileManager.default.contents(atPath: home.agreementPath).flatMap {
            try? AgreementKey([UInt8]($0))
        }
    }

    /// This device's own, made where it is missing.
    ///
    /// Under the lock of a sync: two must not make two.
    static func made(in home: NodeHome) throws -> AgreementKey {
        if let kept = kept(in: home) { return kept }
        let key = AgreementKey()
        try home.writeSecret(key.bytes, to: home.agreementPath)
        return key
    }
}

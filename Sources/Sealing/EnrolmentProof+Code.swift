import Crypto
package import Review
import Sync

extension EnrolmentProof {
    /// HMAC-SHA-256 over a request, under the hash of the token's secret.
    package static func code(_ request: JSON, secretHash: Review.Digest) -> [UInt8] {
        let key = SymmetricKey(data: secretHash.bytes)
        return Array(HMAC<SHA256>.authenticationCode(for: message(request), using: key))
    }

    /// Whether a request holds the code that only a holder of the token could make.
    package static func holds(_ request: JSON, secretHash: Review.Digest) -> Bool {
        guard let code = request["proof"]?.string.flatMap(Base64URL.decode) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            code,
            authenticating: message(request),
            using: SymmetricKey(data: secretHash.bytes)
        )
    }
}

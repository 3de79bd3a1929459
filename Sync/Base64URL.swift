/// base64url without padding (RFC 4648, section 5): how keys, signatures and tokens are written.
package enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()

    package static func encode(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { out in
            var at = 0
            var window: UInt32 = 0
            var bits: UInt32 = 0
            func put(_ value: UInt32) {
                out[at] = alphabet[Int(value & 63)]
                at += 1
            }
            for byte in bytes {
                window = window << 8 | UInt32(byte)
                bits += 8
                while bits >= 6 {
                    bits -= 6
                    put(window >> bits)
                }
            }
            if bits > 0 { put(window << (6 - bits)) }
            return at
        }
    }

    /// The bytes, or nil where the text is not the one way to write them.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count * 3 / 4)
        var window: UInt32 = 0
        var bits = 0
        for letter in text.utf8 {
            let value = values[Int(letter)]
            guard value < 64 else { return nil }
            window = window << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: window >> UInt32(bits)))
            }
        }
        guard bits < 6, window & ((1 << UInt32(bits)) - 1) == 0 else { return nil }
        return out
    }
}

/// One reader of untrusted bytes, and what must hold of whatever it is given.
///
/// That it returns at all is the first promise: a trap ends the process, and the fuzzer keeps the
/// bytes. The second is that what was read can be written, and reads the same again.
package struct Decoder: Sendable {
    /// The name of its file in `Corpus`.
    package let name: String
    /// Well-made input, which the fuzzer begins with.
    package let seeds: @Sendable () -> [[UInt8]]
    /// Throws `Broken` where a promise does not hold; input that is refused is not broken.
    package let check: @Sendable ([UInt8]) throws -> Void

    package static let all: [Decoder] = [
        .frame, .record, .entry, .payload, .page, .receipt, .delta, .request, .reply, .bundle,
        .token, .signature, .json, .item, .condition, .policy,
    ]
}

/// A promise that a decoder did not keep.
package struct Broken: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Throws where what should hold does not.
func hold(_ condition: Bool, _ promise: @autoclosure () -> String) throws(Broken) {
    if !condition { throw Broken(promise()) }
}

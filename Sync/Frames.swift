import CZstd

/// The body of a sync, a bundle and a trace: a magic line, then zstd frames of whole records.
package enum Frames {
    package static let magic = Array("countersign-sync 1\n".utf8)
    /// How much a frame holds at the most, unpacked; a larger payload has a frame of its own.
    package static let target = 256 << 10
    /// What no frame may exceed, unpacked: one payload of the largest size, with its record.
    package static let limit = Entry.payloadLimit + (64 << 10)
}

/// Packs the frames of a body, one after another: what zstd works with is made once.
package struct FramePacker: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = ZSTD_createCCtx() else { preconditionFailure("out of memory") }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 3)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Packs `bytes` as one frame that tells its size and ends with a checksum.
    ///
    /// The checksum is for what no hash covers: a row's signature, and its place in the hub's order.
    package func pack(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.withUnsafeBytes { source in
            let bound = ZSTD_compressBound(source.count)
            return [UInt8](unsafeUninitializedCapacity: bound) { packed, count in
                count = ZSTD_compress2(
                    context,
                    packed.baseAddress,
                    bound,
                    source.baseAddress,
                    source.count
                )
                precondition(
                    ZSTD_isError(count) == 0,
                    "a buffer of ZSTD_compressBound takes any frame"
                )
            }
        }
    }
}

/// Takes the bytes of a body as they come, and gives the frames that are whole, unpacked.
package struct FrameReader: Sendable {
    private var buffer: [UInt8] = []
    private var sawMagic = false

    /// Where a frame says how it is made, and the bit by which it says that it ends with a checksum
    /// (RFC 8878, section 3.1.1.1.1).
    private static let descriptor = 4
    /// How a frame begins (section 3.1.1).
    ///
    /// zstd would also read its older formats, and pass over frames that are to be skipped.
    private static let mark: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    private static let checksumFlag: UInt8 = 1 << 2

    /// How much may still be unpacked.
    private var left: Int

    /// `limit` is for all frames together, unpacked: nothing is allocated beyond it.
    package init(unpackingUpTo limit: Int = .max) { left = limit }

    /// Whether nothing waits for its rest.
    package var isEmpty: Bool { buffer.isEmpty && sawMagic }

    /// Throws where the body is not ours, or a frame is damaged, unchecked or larger than allowed.
    package mutating func take(_ bytes: some Sequence<UInt8>) throws(WireError) -> [[UInt8]] {
        buffer += bytes
        if !sawMagic {
            guard buffer.starts(with: Frames.magic.prefix(buffer.count)) else { throw .notOurs }
            guard buffer.count >= Frames.magic.count else { return [] }
            buffer.removeFirst(Frames.magic.count)
            sawMagic = true
        }
        var frames: [[UInt8]] = []
        var start = 0
        while start < buffer.count, let (frame, end) = try next(from: start) {
            frames.append(frame)
            left -= frame.count
            start = end
        }
        buffer.removeFirst(start)
        return frames
    }

    private func next(from start: Int) throws(WireError) -> ([UInt8], Int)? {
        let outcome: Result<([UInt8], Int)?, WireError> = buffer.withUnsafeBytes { raw in
            guard let base = raw.baseAddress?.advanced(by: start) else { return .success(nil) }
            let available = raw.count - start
            guard Self.mark.starts(with: raw[start...].prefix(4)) else {
                return .failure(.damaged("not a zstd frame"))
            }
            let content = ZSTD_getFrameContentSize(base, available)
            if content == UInt64.max - 1 {  // ZSTD_CONTENTSIZE_ERROR: no header, or not all of it.
                return available >= 18 ? .failure(.damaged("not a zstd frame")) : .success(nil)
            }
            guard content <= UInt64(min(Frames.limit, left)) else { return .failure(.tooLarge) }
            guard raw[start + Self.descriptor] & Self.checksumFlag != 0 else {
                return .failure(.damaged("a frame without a checksum"))
            }
            let packed = ZSTD_findFrameCompressedSize(base, available)
            if ZSTD_isError(packed) != 0 {
                return available > Frames.limit + 1024
                    ? .failure(.damaged("a frame without an end")) : .success(nil)
            }
            var frame = [UInt8](repeating: 0, count: Int(content))
            let size = ZSTD_decompress(&frame, frame.count, base, packed)
            guard ZSTD_isError(size) == 0, size == frame.count else {
                return .failure(.damaged("a frame does not unpack"))
            }
            return .success((frame, start + packed))
        }
        return try outcome.get()
    }
}

/// Why a body cannot be read on.
package enum WireError: Error, Equatable {
    case notOurs
    case tooLarge
    case damaged(String)
}

extension WireError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notOurs: "the body does not begin as a countersign sync does"
        case .tooLarge: "a frame says it is larger than any may be, or all of them together are"
        case .damaged(let what): "the body is damaged: \(what)"
        }
    }
}

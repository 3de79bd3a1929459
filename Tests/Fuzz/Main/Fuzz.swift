import Decoders
import Foundation

/// The decoder that this process feeds, by the environment: libFuzzer owns `main` and the arguments.
private let chosen: Decoder = {
    let name = ProcessInfo.processInfo.environment["COUNTERSIGN_DECODER"] ?? ""
    guard let found = Decoder.all.first(where: { $0.name == name }) else {
        FileHandle.standardError.write(Data("Tests/fuzz: no decoder is called \(name)\n".utf8))
        exit(64)
    }
    return found
}()

/// Gives the decoder bytes that nobody would write, for as long as libFuzzer is let.
@_cdecl("LLVMFuzzerTestOneInput")
public func check(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try chosen.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        fatalError("\(chosen.name): \(error)")
    }
    return 0
}

/// Called before the first input: `COUNTERSIGN_SEEDS_TO` asks for well-made input instead.
@_cdecl("LLVMFuzzerInitialize")
public func begin(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>
) -> CInt {
    guard let folder = ProcessInfo.processInfo.environment["COUNTERSIGN_SEEDS_TO"] else { return 0 }
    do {
        for (index, seed) in chosen.seeds().enumerated() {
            try Data(seed).write(to: URL(fileURLWithPath: folder).appending(path: "seed-\(index)"))
        }
    } catch {
        FileHandle.standardError.write(Data("Tests/fuzz: \(error)\n".utf8))
        exit(73)
    }
    exit(0)
}

import Foundation
import Review

/// A file of `Vectors/`, made by its `make.py`.
func vector(_ name: String, file: String = #filePath) throws -> JSON {
    let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Vectors")
    return try JSON(parsing: Array(Data(contentsOf: folder.appending(path: "\(name).json"))))
}

extension JSON {
    func text(_ key: String) -> String { self[key]?.string ?? "no \(key)" }
    func digest(_ key: String) -> Digest? { Digest(text(key)) }
    func hex(_ key: String) -> [UInt8] { [UInt8](hexadecimal: Array(text(key).utf8)) ?? [] }
    func list(_ key: String) -> [JSON] { self[key]?.array ?? [] }
}

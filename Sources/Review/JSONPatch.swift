/// Changes to a JSON value, one after the other (RFC 6902): how a script edits an output.
package struct JSONPatch: Sendable, Equatable {
    private enum Operation: Equatable {
        case add(JSONPointer, JSON)
        case remove(JSONPointer)
        case replace(JSONPointer, JSON)
        case move(from: JSONPointer, JSONPointer)
        case copy(from: JSONPointer, JSONPointer)
        case test(JSONPointer, JSON)
    }

    private let operations: [Operation]
    /// As it was read.
    package let json: JSON

    /// Reads an array of operations; members that RFC 6902 does not name are passed over.
    package init(json: JSON) throws(JSONPatchError) {
        guard let rows = json.array else { throw JSONPatchError("it is no array", operation: 0) }
        var operations: [Operation] = []
        for (index, row) in rows.enumerated() {
            operations.append(try Self.operation(row, number: index + 1))
        }
        self.operations = operations
        self.json = json
    }

    private static func operation(_ row: JSON, number: Int) throws(JSONPatchError) -> Operation {
        func need<Value>(_ name: String, _ value: Value?) throws(JSONPatchError) -> Value {
            guard let value else {
                throw JSONPatchError("`\(name)` is missing or of a wrong type", operation: number)
            }
            return value
        }
        func pointer(_ name: String) throws(JSONPatchError) -> JSONPointer {
            try need(name, row[name]?.string.flatMap(JSONPointer.init))
        }
        let path = try pointer("path")
        switch try need("op", row["op"]?.string) {
        case "add": return .add(path, try need("value", row["value"]))
        case "remove": return .remove(path)
        case "replace": return .replace(path, try need("value", row["value"]))
        case "move": return .move(from: try pointer("from"), path)
        case "copy": return .copy(from: try pointer("from"), path)
        case "test": return .test(path, try need("value", row["value"]))
        case let other: throw JSONPatchError("`\(other)` is no operation", operation: number)
        }
    }

    /// The value with every change made; an operation that does not fit makes none of them.
    package func applied(to value: JSON) throws(JSONPatchError) -> JSON {
        var result = value
        for (index, operation) in operations.enumerated() {
            guard let next = Self.apply(operation, to: result) else {
                throw JSONPatchError("it does not fit the value", operation: index + 1)
            }
            result = next
        }
        return result
    }

    private static func apply(_ operation: Operation, to value: JSON) -> JSON? {
        switch operation {
        case .add(let path, let new): value.adding(new, at: path.tokens[...])
        case .remove(let path): value.removing(path.tokens[...])
        case .replace(let path, let new):
            path.tokens.isEmpty
                ? new : value.removing(path.tokens[...])?.adding(new, at: path.tokens[...])
        case .copy(let from, let path):
            value.value(at: from).flatMap { value.adding($0, at: path.tokens[...]) }
        case .move(let from, let path):
            from == path
                ? value.value(at: from).map { _ in value }
                : value.value(at: from).flatMap { moved in
                    value.removing(from.tokens[...])?.adding(moved, at: path.tokens[...])
                }
        case .test(let path, let expected): value.value(at: path) == expected ? value : nil
        }
    }
}

/// Why a patch cannot be read or applied.
package struct JSONPatchError: Error, Equatable, CustomStringConvertible {
    package let reason: String
    /// From 1; 0 is the patch as a whole.
    package let operation: Int

    init(_ reason: String, operation: Int) {
        self.reason = reason
        self.operation = operation
    }

    package var description: String {
        operation == 0 ? "the patch: \(reason)" : "operation \(operation) of the patch: \(reason)"
    }
}

// MARK: - On values

extension JSON {
    /// With `new` as a member, or before an element, of what is at the pointer's parent.
    fileprivate func adding(_ new: JSON, at path: ArraySlice<String>) -> JSON? {
        guard let token = path.first else { return new }
        let rest = path.dropFirst()
        switch self {
        case .object(var members):
            if rest.isEmpty {
                members[token] = new
            } else {
                guard let inner = members[token]?.adding(new, at: rest) else { return nil }
                members[token] = inner
            }
            return .object(members)
        case .array(var elements):
            if rest.isEmpty {
                let index = token == "-" ? elements.count : JSONPointer.index(token)
                guard let index, index <= elements.count else { return nil }
                elements.insert(new, at: index)
            } else {
                guard let index = JSONPointer.index(token), elements.indices.contains(index),
                    let inner = elements[index].adding(new, at: rest)
                else { return nil }
                elements[index] = inner
            }
            return .array(elements)
        default: return nil
        }
    }

    /// Without what is at the pointer; nil where nothing is, or where it is the whole.
    fileprivate func removing(_ path: ArraySlice<String>) -> JSON? {
        guard let token = path.first else { return nil }
        let rest = path.dropFirst()
        switch self {
        case .object(var members):
            guard let member = members[token] else { return nil }
            if rest.isEmpty {
                members[token] = nil
            } else {
                guard let inner = member.removing(rest) else { return nil }
                members[token] = inner
            }
            return .object(members)
        case .array(var elements):
            guard let index = JSONPointer.index(token), elements.indices.contains(index) else {
                return nil
            }
            if rest.isEmpty {
                elements.remove(at: index)
            } else {
                guard let inner = elements[index].removing(rest) else { return nil }
                elements[index] = inner
            }
            return .array(elements)
        default: return nil
        }
    }
}

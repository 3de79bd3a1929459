extension Evaluator {
    func follow(_ path: Path, at offset: Int) throws(Failure) -> Value {
        guard var value = scope.value(of: path.root) else {
            throw Failure(
                message: "\(path.root.word) is missing",
                missing: [path.description],
                offset: offset
            )
        }
        for step in path.steps {
            do {
                value = try Self.step(step, from: value, named: { path.description })
            } catch {
                throw Failure(message: error.reason, missing: error.missing, offset: offset)
            }
        }
        return value
    }

    static func step(
        _ step: Path.Step,
        from value: Value,
        named name: () -> String
    ) throws(Refusal) -> Value {
        switch (step, value) {
        case (.field(let field), .jsonMap(let members)):
            guard let member = members[field] else { throw Refusal(missing: name()) }
            return Value(member)
        case (.field(let field), .map):
            guard let member = value.member(.string(field)) else { throw Refusal(missing: name()) }
            return member
        case (.element(let index), .jsonList(let elements)):
            guard index < elements.count else { throw Refusal(missing: name()) }
            return Value(elements[index])
        case (.element(let index), _): return try element(.int(Int64(index)), of: value)
        case (.field(let field), _):
            throw Refusal("\(value.typeName) has no field `\(field)`")
        }
    }

    static func element(_ key: Value, of value: Value) throws(Refusal) -> Value {
        guard let count = value.listCount else {
            guard value.mapCount != nil else { throw Refusal("\(value.typeName) has no elements") }
            guard let member = value.member(key) else {
                throw Refusal(missing: "[\(key.jsonText)]")
            }
            return member
        }
        let place: Int? =
            switch key {
            case .int(let place): Int(exactly: place)
            case .uint(let place): Int(exactly: place)
            case .double(let place): Int(exactly: place)
            default: nil
            }
        guard let place else { throw Refusal("\(key.jsonText) is no place in a list") }
        guard (0..<count).contains(place) else { throw Refusal(missing: "[\(place)]") }
        return value.element(at: place)
    }

    mutating func has(_ field: String, in parent: Expression) throws(Failure) -> Bool {
        if case .path(let path) = parent.kind, path.steps.isEmpty, scope.isEmptyObject(path.root) {
            return false
        }
        let value = try value(of: parent)
        guard value.mapCount != nil else {
            throw Failure(
                message: "\(value.typeName) has no field `\(field)`",
                missing: [],
                offset: parent.offset
            )
        }
        return value.member(.string(field)) != nil
    }

    mutating func map(
        _ entries: [(key: Expression, value: Expression)],
        at offset: Int
    ) throws(Failure) -> Value {
        var built: [(key: Value, value: Value)] = []
        for entry in entries {
            let key = try value(of: entry.key)
            switch key {
            case .bool, .int, .uint, .string: break
            default:
                throw Failure(
                    message: "a key is bool, int, uint or string, this is \(key.typeName)",
                    missing: [],
                    offset: entry.key.offset
                )
            }
            if built.contains(where: { $0.key.equals(key) }) {
                throw Failure(
                    message: "the key \(key.jsonText) stands twice",
                    missing: [],
                    offset: entry.key.offset
                )
            }
            built.append((key, try value(of: entry.value)))
        }
        return .map(built)
    }
}

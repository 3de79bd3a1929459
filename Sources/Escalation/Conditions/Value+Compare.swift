import Review

// Equality and order as CEL defines them (cel-spec, "Equality and Ordering"): numbers compare as if
// on one line whatever their types, strings by code points, and values of other types are unequal.

extension Value {
    /// Whether two values are equal; never an error, NaN equals nothing.
    func equals(_ other: Value) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.string(let left), .string(let right)): Self.same(left, right)
        case (.double(let left), .double(let right)): left == right
        case (.bytes(let left), .bytes(let right)): left == right
        default:
            if let order = numericOrder(to: other) {
                order == .same
            } else if let count = listCount, let otherCount = other.listCount {
                count == otherCount
                    && (0..<count).allSatisfy { element(at: $0).equals(other.element(at: $0)) }
            } else if let count = mapCount, let otherCount = other.mapCount {
                count == otherCount && hasEntries(of: other)
            } else {
                false
            }
        }
    }

    enum Order { case less, same, greater, unordered }

    /// How two values are ordered, or nil where CEL has no order for their types.
    func order(to other: Value) -> Order? {
        switch (self, other) {
        case (.bool(let left), .bool(let right)): Self.order(left ? 1 : 0, right ? 1 : 0)
        case (.double(let left), .double(let right)): Self.order(left, right)
        case (.string(let left), .string(let right)):
            // UTF-8 sorts as its code points do.
            Self.same(left, right)
                ? .same : left.utf8.lexicographicallyPrecedes(right.utf8) ? .less : .greater
        case (.bytes(let left), .bytes(let right)):
            left == right ? .same : left.lexicographicallyPrecedes(right) ? .less : .greater
        default: numericOrder(to: other)
        }
    }

    /// Numbers of two types compare as doubles when one is a double, exactly otherwise.
    private func numericOrder(to other: Value) -> Order? {
        switch (self, other) {
        case (.int(let left), .int(let right)): Self.order(left, right)
        case (.uint(let left), .uint(let right)): Self.order(left, right)
        case (.int(let left), .uint(let right)):
            left < 0 ? .less : Self.order(UInt64(left), right)
        case (.uint(let left), .int(let right)):
            right < 0 ? .greater : Self.order(left, UInt64(right))
        case (.int(let left), .double(let right)): Self.order(Double(left), right)
        case (.uint(let left), .double(let right)): Self.order(Double(left), right)
        case (.double(let left), .int(let right)): Self.order(left, Double(right))
        case (.double(let left), .uint(let right)): Self.order(left, Double(right))
        case (.double(let left), .double(let right)): Self.order(left, right)
        default: nil
        }
    }

    private static func order<Number: Comparable>(_ left: Number, _ right: Number) -> Order {
        left < right ? .less : left == right ? .same : left > right ? .greater : .unordered
    }

    /// Equal code points: Swift's own equality also takes composed and decomposed text for equal.
    static func same(_ left: String, _ right: String) -> Bool {
        left == right && left.utf8.elementsEqual(right.utf8)
    }
}

// MARK: - Lists and maps, whatever they are made of

extension Value {
    var listCount: Int? {
        switch self {
        case .list(let elements): elements.count
        case .jsonList(let elements): elements.count
        default: nil
        }
    }

    /// An element of a list; the index is within its count.
    func element(at index: Int) -> Value {
        switch self {
        case .list(let elements): elements[index]
        case .jsonList(let elements): Value(elements[index])
        default: preconditionFailure("only a list has elements")
        }
    }

    var mapCount: Int? {
        switch self {
        case .map(let entries): entries.count
        case .jsonMap(let members): members.count
        default: nil
        }
    }

    /// The value under a key, or nil where this is no map or has no such key.
    func member(_ key: Value) -> Value? {
        switch self {
        case .map(let entries): return entries.first { $0.key.equals(key) }?.value
        case .jsonMap(let members):
            guard case .string(let name) = key else { return nil }
            return members[name].map { Value($0) }
        default: return nil
        }
    }

    private func hasEntries(of other: Value) -> Bool {
        switch other {
        case .map(let entries):
            entries.allSatisfy { entry in member(entry.key)?.equals(entry.value) ?? false }
        case .jsonMap(let members):
            members.allSatisfy { name, value in
                member(.string(name))?.equals(Value(value)) ?? false
            }
        default: false
        }
    }
}

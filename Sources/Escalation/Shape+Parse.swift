import Review

extension PolicyReader {
    private static let shapeKeys = [
        "type", "required", "properties", "items", "enum", "const", "minimum", "maximum",
    ]

    /// Reads a schema; a keyword beyond the first set is an error, since it would not be checked.
    mutating func shape(_ tree: PolicyTree?) -> Shape? {
        guard let tree else { return nil }
        var shape = Shape()
        if case .scalar("true", .plain) = tree.value { return shape }
        if case .scalar("false", .plain) = tree.value {
            shape.isImpossible = true
            return shape
        }
        guard let values = section(tree, of: "a shape", keys: Self.shapeKeys) else { return nil }
        shape.kinds = kinds(values["type"])
        shape.required = texts(values["required"], of: "required") ?? []
        shape.properties = properties(values["properties"])
        if let items = self.shape(values["items"]) { shape.items = [items] }
        shape.allowed = elements(values["enum"], of: "enum")?.map(\.meaning)
        if let constant = values["const"]?.meaning {
            shape.allowed = (shape.allowed ?? [constant]).filter { $0 == constant }
        }
        shape.minimum = limit(values["minimum"], of: "minimum")
        shape.maximum = limit(values["maximum"], of: "maximum")
        return shape
    }

    private mutating func kinds(_ tree: PolicyTree?) -> [Shape.Kind] {
        guard let tree else { return [] }
        guard case .sequence(let elements) = tree.value else {
            return word(tree, of: "type", as: Shape.Kind.self).map { [$0] } ?? []
        }
        return elements.compactMap { word($0, of: "type", as: Shape.Kind.self) }
    }

    private mutating func properties(_ tree: PolicyTree?) -> [Shape.Property] {
        guard let tree else { return [] }
        guard case .mapping(let entries) = tree.value else {
            error("`properties` names the fields of an object", at: tree.place)
            return []
        }
        var properties: [Shape.Property] = []
        for entry in entries {
            if properties.contains(where: { $0.name == entry.key }) {
                error("`\(entry.key)` stands twice", at: entry.place)
            }
            if let shape = shape(entry.value) {
                properties.append(Shape.Property(name: entry.key, shape: shape))
            }
        }
        return properties
    }

    private mutating func limit(_ tree: PolicyTree?, of name: String) -> Double? {
        guard let tree else { return nil }
        guard case .number(let value) = tree.meaning else {
            error("`\(name)` is a number", at: tree.place)
            return nil
        }
        return value
    }
}

extension Shape {
    /// The shape that a tree describes, or what is wrong with it.
    package static func parse(_ tree: PolicyTree) -> (shape: Shape?, problems: [PolicyProblem]) {
        var reader = PolicyReader()
        let shape = reader.shape(tree)
        return (reader.problems.isEmpty ? shape : nil, reader.problems)
    }
}

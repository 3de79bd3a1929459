package import Review

extension PolicyTree {
    /// The tree as a policy entry carries it: `[line, column, kind, content]`.
    ///
    /// The kind is `list`, `map` or a scalar's style; a map's content is rows of key line, key
    /// column, key and value. `init(json:)` gives back an equal tree.
    package var json: JSON {
        let (kind, content): (String, JSON) =
            switch value {
            case .scalar(let text, let style): (style.rawValue, .string(text))
            case .sequence(let elements): ("list", .array(elements.map(\.json)))
            case .mapping(let entries):
                (
                    "map",
                    .array(
                        entries.map { entry in
                            [
                                .integer(entry.place.line), .integer(entry.place.column),
                                .string(entry.key), entry.value.json,
                            ]
                        }
                    )
                )
            }
        return [.integer(place.line), .integer(place.column), .string(kind), content]
    }

    /// The tree that `json` describes, or nil where it describes none within the limits.
    package init?(json: JSON) {
        var size = 0
        self.init(json: json, depth: 1, size: &size)
    }

    private init?(json: JSON, depth: Int, size: inout Int) {
        size += 1
        guard depth <= Self.depthLimit, size <= Self.sizeLimit, let parts = json.array,
            parts.count == 4, let place = Place(parts[0], parts[1]), let kind = parts[2].string
        else { return nil }
        switch kind {
        case "list":
            guard let rows = parts[3].array else { return nil }
            var elements: [PolicyTree] = []
            for row in rows {
                guard let element = PolicyTree(json: row, depth: depth + 1, size: &size) else {
                    return nil
                }
                elements.append(element)
            }
            self.init(.sequence(elements), at: place)
        case "map":
            guard let rows = parts[3].array else { return nil }
            var entries: [Entry] = []
            for row in rows {
                guard let cells = row.array, cells.count == 4, let key = cells[2].string,
                    let keyPlace = Place(cells[0], cells[1]),
                    let value = PolicyTree(json: cells[3], depth: depth + 1, size: &size)
                else { return nil }
                entries.append(Entry(key: key, place: keyPlace, value: value))
            }
            self.init(.mapping(entries), at: place)
        default:
            guard let style = Style(rawValue: kind), let text = parts[3].string else { return nil }
            self.init(.scalar(text, style), at: place)
        }
    }
}

extension Place {
    fileprivate init?(_ line: JSON, _ column: JSON) {
        guard let line = line.integer.flatMap(Int.init(exactly:)),
            let column = column.integer.flatMap(Int.init(exactly:)), line > 0, column > 0
        else { return nil }
        self.init(line: line, column: column)
    }
}

import Escalation
import Yams

/// Copies Yams' nodes, and refuses what a policy has no use for.
struct NodeReader {
    private let source: UniqueKeys
    private(set) var problems: [PolicyProblem] = []
    private var size = 0

    init(_ source: UniqueKeys) { self.source = source }

    private mutating func refuse(_ message: String, at place: Place) {
        let problem = PolicyProblem(.error, at: place, message)
        if !problems.contains(problem) { problems.append(problem) }  // An alias is met twice.
    }

    mutating func tree(_ node: Node, depth: Int) -> PolicyTree? {
        let place = Place(node.mark)
        size += 1
        if size > PolicyTree.sizeLimit || depth > PolicyTree.depthLimit {
            refuse("the file is nested too deeply or has too many values", at: place)
            return nil
        }
        if node.anchor != nil {
            refuse("anchors (`&name`) are not read in a policy; write the value out", at: place)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            let style: PolicyTree.Style =
                switch scalar.style {
                case .singleQuoted, .doubleQuoted: .quoted
                case .literal, .folded: .block
                case .plain, .any: .plain
                }
            return PolicyTree(.scalar(scalar.string, style), at: place)
        case .sequence(let sequence):
            var elements: [PolicyTree] = []
            for element in sequence {
                if let element = tree(element, depth: depth + 1) { elements.append(element) }
            }
            return PolicyTree(.sequence(elements), at: place)
        case .mapping(let mapping):
            var entries: [PolicyTree.Entry] = []
            for (key, value) in mapping {
                guard case .scalar(let scalar) = key, key.anchor == nil else {
                    refuse("a name here is a plain text", at: Place(key.mark))
                    continue
                }
                guard let value = tree(value, depth: depth + 1) else { continue }
                entries.append(
                    PolicyTree.Entry(
                        key: source.original(scalar.string),
                        place: Place(key.mark),
                        value: value
                    )
                )
            }
            return PolicyTree(.mapping(entries), at: place)
        case .alias:
            refuse("aliases (`*name`) are not read in a policy; write the value out", at: place)
            return nil
        }
    }
}

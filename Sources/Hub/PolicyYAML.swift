package import Escalation
import Yams

/// Reads policy files: YAML 1.2 in, a `PolicyTree` out.
///
/// Only structure and places are taken from Yams; what a scalar means is decided by the reader of
/// each field, so that `no` stays a word and every problem is found in one pass.
package enum PolicyYAML {
    /// A policy file has at most this many bytes.
    package static let sizeLimit = 256 << 10

    /// The policy in a file, or nil where anything is an error, and all problems at once.
    package static func policy(
        _ bytes: some Collection<UInt8>
    ) -> (policy: Policy?, problems: [PolicyProblem]) {
        let (tree, problems) = tree(bytes)
        guard let tree else { return (nil, problems) }
        let (policy, more) = Policy.parse(tree)
        let isWhole = !problems.contains { $0.severity == .error }
        return (isWhole ? policy : nil, (problems + more).sorted { $0.place < $1.place })
    }

    /// The tree in a file, as far as it reads, and what is wrong with it as YAML.
    package static func tree(
        _ bytes: some Collection<UInt8>
    ) -> (tree: PolicyTree?, problems: [PolicyProblem]) {
        let start = Place(line: 1, column: 1)
        func refuse(_ message: String, at place: Place) -> (PolicyTree?, [PolicyProblem]) {
            (nil, [PolicyProblem(.error, at: place, message)])
        }
        if bytes.count > sizeLimit {
            return refuse(
                "a policy has at most \(sizeLimit) bytes; this has \(bytes.count)",
                at: start
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return refuse("the file is not valid UTF-8", at: start)
        }
        if let place = AliasCount.firstBeyondLimit(in: text) {
            return refuse(
                "aliases (`*name`) are not read in a policy; write the value out",
                at: place
            )
        }
        do {
            var source = UniqueKeys(text)
            guard let node = try source.compose() else {
                return refuse("the file is empty", at: start)
            }
            var reader = NodeReader(source)
            let tree = reader.tree(node, depth: 1)
            return (tree, reader.problems)
        } catch let error as YamlError {
            return (nil, [problem(error)])
        } catch {
            return refuse("this is not YAML: \(error)", at: start)
        }
    }

    private static func problem(_ error: YamlError) -> PolicyProblem {
        let place: Place
        let reason: String
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            place = Place(mark)
            reason = context.map { "\(problem), \($0.text)" } ?? problem
        case .reader(let problem, let offset, _, let yaml):
            let before = yaml.prefix(offset ?? 0)
            let line = before.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
            place = Place(
                line: before.count { $0.isNewline } + 1,
                column: line.unicodeScalars.count + 1
            )
            reason = problem
        case .duplicatedKeysInMapping(let duplicates, let context):
            place = Place(context.mark)
            reason = "\(duplicates.sorted().map { "`\($0)`" }.joined(separator: ", ")) stands twice"
        default:
            place = Place(line: 1, column: 1)
            reason = "\(error)"
        }
        return PolicyProblem(.error, at: place, "this is not YAML: \(reason)")
    }
}

extension Place {
    fileprivate init(_ mark: Mark?) { self.init(line: mark?.line ?? 1, column: mark?.column ?? 1) }
}

// MARK: - From nodes to a tree

/// Copies Yams' nodes, and refuses what a policy has no use for.
private struct NodeReader {
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

// MARK: - Ways around the parser

/// Text whose repeated keys are told apart, since Yams stops at the first one and says no more.
///
/// Whenever it complains, the first character of the key it points at is exchanged for one of a
/// private plane and remembered; the reader then sees both keys, with their places, and goes on.
private struct UniqueKeys {
    private var text: String
    private var exchanged: [Unicode.Scalar] = []
    /// Nodes refer to its anchors without owning them.
    private var parser: Parser?
    private static let first: UInt32 = 0xF0000
    private static let limit = 50

    init(_ text: String) { self.text = text }

    mutating func compose() throws -> Node? {
        while true {
            do {
                let parser = try Parser(yaml: text)
                self.parser = parser
                return try parser.singleRoot()
            } catch YamlError.duplicatedKeysInMapping(
                let duplicates,
                let context
            ) {
                guard exchange(at: context.mark) else {
                    throw YamlError.duplicatedKeysInMapping(
                        duplicates: duplicates,
                        context: context
                    )
                }
            }
        }
    }

    private mutating func exchange(at mark: Mark) -> Bool {
        var scalars = Array(text.unicodeScalars)
        var index = 0
        for _ in 1..<mark.line {
            guard let end = scalars[index...].firstIndex(of: "\n") else { return false }
            index = end + 1
        }
        index += mark.column - 1
        if scalars.indices.contains(index), scalars[index] == "\"" || scalars[index] == "'" {
            index += 1
        }
        guard exchanged.count < Self.limit, scalars.indices.contains(index),
            scalars[index].properties.isAlphabetic,
            let replacement = Unicode.Scalar(Self.first + UInt32(exchanged.count)),
            !scalars.contains(replacement)
        else { return false }
        exchanged.append(scalars[index])
        scalars[index] = replacement
        text = String(String.UnicodeScalarView(scalars))
        return true
    }

    /// A key as it stood in the file.
    func original(_ key: String) -> String {
        guard let scalar = key.unicodeScalars.first, scalar.value >= Self.first,
            scalar.value < Self.first + UInt32(exchanged.count)
        else { return key }
        return String(Character(exchanged[Int(scalar.value - Self.first)]))
            + String(key.unicodeScalars.dropFirst())
    }
}

/// Counts what could be aliases before they are expanded: a few of them cannot grow large.
private enum AliasCount {
    private static let limit = 16

    /// The place of the first alias beyond the limit, in a text that also has an anchor.
    static func firstBeyondLimit(in text: String) -> Place? {
        var (anchors, aliases) = (0, 0)
        var (line, column) = (1, 0)
        var beyond: Place?
        var previous: Unicode.Scalar = "\n"
        var sign: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if let sign,
                scalar.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains(scalar)
            {
                if sign == "&" { anchors += 1 } else { aliases += 1 }
                if aliases > limit, beyond == nil { beyond = Place(line: line, column: column) }
            }
            column += 1
            let starts = " \t\r\n[{,".unicodeScalars.contains(previous)
            sign = starts && (scalar == "*" || scalar == "&") ? scalar : nil
            if scalar == "\n" { (line, column) = (line + 1, 0) }
            previous = scalar
        }
        return anchors > 0 ? beyond : nil
    }
}

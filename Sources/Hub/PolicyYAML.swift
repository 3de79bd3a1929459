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
    init(_ mark: Mark?) { self.init(line: mark?.line ?? 1, column: mark?.column ?? 1) }
}

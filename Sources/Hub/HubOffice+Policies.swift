import Escalation
import HubStore
import Review
import Sync

/// What is wrong with a policy file, in its order, and whether it can be activated all the same.
package struct PolicyCheck: Sendable {
    package let problems: [Shown]
    package let isUsable: Bool
}

extension HubOffice {
    /// Says everything that is wrong with a policy file, with no hub.
    package static func check(policy bytes: [UInt8], from file: String) -> PolicyCheck {
        let (policy, problems) = PolicyYAML.policy(bytes)
        return PolicyCheck(
            problems: problems.map { problem in
                let (line, column) = (problem.place.line, problem.place.column)
                let severity = problem.severity.rawValue
                return Shown(
                    [
                        "file": .string(file), "line": .integer(line), "column": .integer(column),
                        "severity": .string(severity), "message": .string(problem.message),
                    ],
                    ["\(file):\(line):\(column): \(severity): \(problem.message)"]
                )
            },
            isUsable: policy != nil
        )
    }

    /// Puts a policy in force.
    ///
    /// The phase stays the hub's; the file's own counts the first time.
    package func activate(policy bytes: [UInt8], by name: String) throws -> Shown {
        guard let policy = PolicyYAML.policy(bytes).policy, let tree = PolicyYAML.tree(bytes).tree
        else {
            throw HubFailure(
                "badPolicy",
                "the policy has errors; nothing was changed",
                hint: "correct them, then: `countersign-hub policy check FILE`",
                kind: .badInput
            )
        }
        guard CaseName.isName(name) else { throw HubFailure(.badName(name)) }
        let hash = sha256(bytes)
        policies.put(policy, as: hash)
        let workflow = try decide { draft in
            draft.activate(
                workflow: policy.workflow,
                policy: hash,
                phase: policy.phase,
                yaml: String(decoding: bytes, as: UTF8.self),
                tree: tree.json,
                by: name
            )
            return draft.held.workflows[policy.workflow]
        }
        let phase = workflow?.phase ?? policy.phase
        return Shown(
            [
                "workflow": .string(policy.workflow), "policy": hash.json,
                "phase": .integer(phase), "policyEpoch": .integer(workflow?.epoch ?? 1),
                "inactive": .strings(policy.inactive), "by": .string(name),
            ],
            ["\(policy.workflow): policy \(hash) is in force, in phase \(phase)"]
                + policy.inactive.map { "`\($0)` does nothing yet in this version" }
        )
    }

    /// The policy in force for a workflow, as it was written.
    package func showPolicy(of workflow: String) throws -> Shown {
        let workflows = try store.read(Wanted()).workflows
        guard let state = workflows[workflow] else {
            throw HubFailure(
                .unknownWorkflow(
                    workflow,
                    nearest: nearest(to: workflow, among: workflows.keys.sorted())
                )
            )
        }
        let entries = try store.entries(after: 0, kinds: [.policy], caseKey: nil, limit: .max)
        let contents = try entries.map { try $0.document.content() }
        let content = contents.last { $0["policy"] == state.policy.json } ?? .null
        let yaml = content["yaml"]?.string ?? ""
        return Shown(
            [
                "workflow": .string(workflow), "policy": state.policy.json,
                "phase": .integer(state.phase), "policyEpoch": .integer(state.epoch),
                "by": content["by"] ?? .null, "yaml": .string(yaml),
            ],
            ["# \(state.policy), phase \(state.phase)"]
                + yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        )
    }
}

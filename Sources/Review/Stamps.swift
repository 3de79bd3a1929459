/// What a case is counted under, fixed when it came in and copied into every verdict on it.
package struct Stamps: Sendable, Hashable {
    /// The counters that never mix: one workflow, model version, segment and policy epoch.
    package struct Scope: Sendable, Hashable {
        package let workflow: String
        /// `id@version`.
        package let modelVersion: String
        /// Empty where the policy names no segment or the case lacks it.
        package let segment: String
        /// From 1 for each workflow.
        package let policyEpoch: Int

        package init(workflow: String, modelVersion: String, segment: String, policyEpoch: Int) {
            self.workflow = workflow
            self.modelVersion = modelVersion
            self.segment = segment
            self.policyEpoch = policyEpoch
        }
    }

    package let scope: Scope
    package let blind: Bool
    /// The confidence bin, nil where the case has no confidence.
    package let bin: Int?
    /// The case was chosen for review with probability 1/k.
    package let k: Int

    package init(scope: Scope, blind: Bool, bin: Int?, k: Int) {
        self.scope = scope
        self.blind = blind
        self.bin = bin
        self.k = k
    }
}

extension Stamps.Scope: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.workflow, left.modelVersion, left.segment, left.policyEpoch)
            < (right.workflow, right.modelVersion, right.segment, right.policyEpoch)
    }
}

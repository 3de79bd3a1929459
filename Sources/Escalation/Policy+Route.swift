package import Review

extension Policy {
    /// Who must look at a case, when, and why: all placements evaluated, the strictest applied.
    ///
    /// The same policy, case and standing give the same routing, on a hub or a node. Every rule is
    /// written down, fired or not. A rule that cannot be told applies as if it had fired. The phase
    /// never counts beyond the policy's ceiling.
    ///
    /// | what applies                | phase 1 | phase 2             | phase 3              | phase 4 |
    /// |-----------------------------|---------|---------------------|----------------------|---------|
    /// | rule `before`, invalid      | before  | before              | before               | before  |
    /// | rule `after`                | before  | after               | after                | after   |
    /// | below threshold, or unknown | before  | `confidence.review` | after                | none    |
    /// | the rest                    | before  | none                | after, 1 in `rate`   | none    |
    /// | drawn by `sample`           | before  | after               | after                | after, core only |
    package func route(_ item: Case, _ standing: Standing) -> Routing {
        var router = Router(policy: self, item: item, standing: standing)
        return router.routing()
    }
}

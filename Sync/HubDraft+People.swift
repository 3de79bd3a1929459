package import Review

// Who there is, and by what policy: the hub's own statements about people, devices and workflows.

extension HubDraft {
    /// Adds a reviewer, or changes what one may review.
    package mutating func enlist(_ reviewer: Reviewer) throws(HubRefusal) {
        guard CaseName.isName(reviewer.name) else { throw .badName(reviewer.name) }
        state(.reviewer, reviewer.json)
        add(reviewer)
    }

    /// Certifies a device for a reviewer and takes the first entry of its log.
    ///
    /// The same device again changes nothing.
    package mutating func enrol(_ device: Device, first: Document) -> Document? {
        guard held.devices[device.id] == nil else { return nil }
        let certificate = state(
            .certificate,
            [
                "device": .string(device.id), "reviewer": .string(device.reviewer),
                "key": .string(Base64URL.encode(device.key)),
            ]
        )
        offer(certificate.entry.uid, to: FeedName.hub)
        add(device)
        _ = push([Pushed(first, of: device, cryptography)], from: device)
        return certificate
    }

    /// Puts a policy in force.
    ///
    /// The phase stays what it is; the file's own counts the first time. The policy in force again
    /// changes nothing.
    package mutating func activate(
        workflow name: String,
        policy: Digest,
        phase: Int,
        yaml: String,
        tree: JSON,
        by: String
    ) {
        if held.workflows[name]?.policy == policy { return }
        let document = state(
            .policy,
            [
                "workflow": .string(name), "policy": policy.json, "yaml": .string(yaml),
                "tree": tree, "by": .string(by),
            ]
        )
        offer(document.entry.uid, to: FeedName.hub)
        var workflow =
            held.workflows[name]
            ?? Workflow(name: name, policy: policy, phase: phase, epoch: 0, epochSince: now)
        workflow.policy = policy
        workflow.epoch += 1
        workflow.epochSince = now
        set(workflow)
    }

    /// Publishes the hub's working keys with the root key's word for them.
    package mutating func publish(_ chain: HubChain) {
        let document = state(.hubKey, chain.json)
        offer(document.entry.uid, to: FeedName.hub)
    }
}

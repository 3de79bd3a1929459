package import Review

// A hub whose disk is gone, made anew from its root key: it knows nobody, and learns from who comes.
//
//     rebuild ─▶ nobody heard ⟲ a device shows that it was let in, hands in what it holds ─▶ recovered
//
// - **ReceiptHolds**: what was receipted is back after one sync of any holder.

extension HubDraft {
    /// The least generation of a hub that lost everything: it was in another before.
    package static let generationAfterLoss = 2

    /// Begins a hub that lost everything, under the keys that the root vouches for now.
    package mutating func rebuild(_ chain: HubChain) {
        publish(chain)
        state(.epoch, ["parent": "", "reason": "rebuilt"])
        change { $0.rebuild = .nobodyHeard }
    }

    /// Goes on above the generation that a device was told of last.
    ///
    /// Nobody signed for what it says: so it is believed of devices that are still awaited, alone.
    package mutating func outgrow(_ request: HubRequest, from device: Device) {
        let isAwaited = held.devices[device.id] == nil || held.state.awaited.contains(device.id)
        guard held.state.rebuild != nil, isAwaited,
            let shown = request.generationShown(beside: held.hub)
        else { return }
        outgrow(shown)
    }

    /// Begins a new epoch where the hub was in another before that is not below its present one.
    mutating func outgrow(_ generation: Int) {
        guard generation >= held.hub.log.generation else { return }
        openEpoch(because: "otherPast", beyond: generation)
    }

    /// Puts a policy in force again that came back, unless it is.
    ///
    /// `phase` counts where the hub knows of none.
    package mutating func resume(workflow name: String, policy: Digest, phase: Int) {
        guard held.workflows[name]?.policy != policy else { return }
        var workflow =
            held.workflows[name]
            ?? Workflow(name: name, policy: policy, phase: phase, epoch: 0, epochSince: now)
        workflow.policy = policy
        workflow.epoch += 1
        workflow.epochSince = now
        set(workflow)
    }

    /// Counts under a number that nothing was counted under before the loss.
    mutating func outgrow(policyEpoch: Int, of name: String) {
        guard var workflow = held.workflows[name], workflow.epoch <= policyEpoch else { return }
        workflow.epoch = policyEpoch + 1
        workflow.epochSince = now
        set(workflow)
    }
}

extension HubRequest {
    /// More generations than that no hub was ever in: what says so is not believed.
    private static let generationLimit = 1_000_000

    /// The highest generation that a cursor of another epoch tells of, of those not below the hub's.
    package func generationShown(beside hub: HubName) -> Int? {
        cursors.filter { $0.hubEpoch != hub.epoch }
            .map { HubName(id: hub.id, epoch: $0.hubEpoch).log.generation }
            .filter { (hub.log.generation...Self.generationLimit).contains($0) }.max()
    }
}

import Review
import Sync
import TestSupport

// Files that somebody carries between nodes and their hub: late, lost, again, in any order.

extension Simulation {
    /// A file on its way.
    struct Parcel: Sendable {
        /// The node that made it, or that it is for.
        let index: Int
        let isUp: Bool
        let body: [UInt8]
    }

    /// Somebody fills a file, or brings one to where it belongs.
    mutating func carryByHand() {
        guard acts(.carryByHand) else { return }
        let index = random.below(nodes.count)
        switch random.below(4) {
        case 0: exportBundle(index)
        case 1:
            guard let body = hub.exportBundle(for: nodes[index].device.id, now: now) else { return }
            note("the hub fills a file for \(nodes[index].device.name): \(cheapHash(body).short)")
            parcels.append(Parcel(index: index, isUp: false, body: body))
        default:
            guard !parcels.isEmpty else { return }
            let place = random.below(parcels.count)
            let parcel = parcels[place]
            if random.chance(2, in: 3) { parcels.remove(at: place) }
            if parcel.isUp { importUp(parcel) } else { importDown(parcel) }
        }
    }

    private mutating func exportBundle(_ index: Int) {
        nodes[index].recovery = NodeRecovery(showing: nodes[index].unfulfilled)
        let node = nodes[index]
        let opening = node.opening(bytes: 1_000_000)
        let (outbox, deltas) = (node.outbox, node.deltas)
        var end = NodeEnd(
            hub: NodeEnd.KnownHub(id: hub.name.id, keys: [hub.key.bytes]),
            cryptography: .cheap
        )
        let effects = end.start(
            opening.hello(leaving: 0),
            outbox: outbox,
            held: opening.held?.documents ?? [],
            receipts: opening.receipts,
            deltas: deltas,
            cursors: node.cursors.values.sorted { $0.feed < $1.feed }
        )
        guard case .send(let body)? = effects.first else {
            preconditionFailure("a sync begins by sending")
        }
        note("\(node.device.name) fills a file: \(cheapHash(body).short)")
        mark(.bundleMade)
        nodes[index].exported.append(
            MemoryNode.Exported(
                request: cheapHash(body),
                last: outbox.last?.entry.uid,
                opening: opening,
                deltas: deltas
            )
        )
        parcels.append(Parcel(index: index, isUp: true, body: body))
    }

    private mutating func importUp(_ parcel: Parcel) {
        note("the hub reads a file: \(cheapHash(parcel.body).short)")
        let dies = strikes(.killHub)
        do {
            try hub.importBundle(
                parcel.body,
                now: now,
                pace: pace,
                dyingAfter: dies ? random.below(6) : nil,
                random: randomness()
            )
            mark(.bundleTaken)
        } catch .failed {
            note("the hub killed on the way")
            mark(.hubKilled)
            hub.die()
        } catch {
            note("the hub refused a file: \(error)")
        }
    }

    private mutating func importDown(_ parcel: Parcel) {
        let index = parcel.index
        let node = nodes[index]
        note("\(node.device.name) reads a file: \(cheapHash(parcel.body).short)")
        var end = NodeEnd(
            hub: NodeEnd.KnownHub(id: hub.name.id, keys: [hub.key.bytes]),
            cryptography: .cheap
        )
        end.take(
            carriedFor: node.device.id,
            lastRequest: node.openBundle,
            cursors: node.cursors.values.sorted { $0.feed < $1.feed }
        )
        let effects = end.take(parcel.body) + end.closed("it ends too early")
        guard case .greeted(let greeting)? = effects.first else { return }
        let known = LogName(device: "", epoch: node.hubEpoch).generation
        if greeting.hub.log.generation < known { return mark(.bundleOutdated) }
        for case .failed(let error) in effects {
            guard case .brokenFeed = error else {
                flaw = Broken("NoGaps", "\(node.device.name) refused a whole file: \(error)")
                return
            }
            return mark(.bundleAhead)
        }
        nodes[index].recovery = NodeRecovery(
            showing: greeting.request == node.openBundle ? node.unfulfilled : []
        )
        for effect in effects {
            if strikes(.killNode) {
                note("\(node.device.name) killed")
                return mark(.nodeKilled)
            }
            nodes[index].execute(effect, random: randomness())
            keepCount(of: index, after: effect)
        }
        mark(.bundleApplied)
        let unfulfilled = nodes[index].recovery.unfulfilled
        nodes[index].answered(greeting.request, unfulfilled: unfulfilled)
    }
}

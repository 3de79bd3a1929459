import Review
import Sync
import TestSupport

// What happens to a node's disk.

extension Simulation {
    /// A disk is saved, put back as it was saved, or copied to another machine.
    mutating func loseContinuity(_ index: Int) {
        if strikes(.copyNode), nodes.count < 12 {
            note("\(nodes[index].device.name) copied")
            mark(.nodeCopied)
            nodes.append(nodes[index])
            committed.append(committed[index])
            saved.append(saved[index])
        } else if strikes(.putNodeBack), let earlier = saved[index] {
            note("\(nodes[index].device.name) put back to \(earlier.own.count) entries")
            mark(.nodePutBack)
            nodes[index] = earlier
            committed[index] = earlier.own  // The rest was on the disk that is gone.
        } else {
            saved[index] = nodes[index]
        }
        if strikes(.partition) {
            note("\(nodes[index].device.name) has no connection")
            mark(.partitioned)
            offline[index] = milliseconds + 600_000
        }
        if strikes(.hearNothing) {
            note("\(nodes[index].device.name) hears nothing")
            deaf[index] = milliseconds + 600_000
        }
    }

    /// Notes what a sync appended and what it got receipts for.
    mutating func keepCount(of index: Int, after effect: NodeEnd.Effect) {
        let node = nodes[index]
        committed[index] += node.own.dropFirst(committed[index].count)
        guard case .received(let receipt, _) = effect else { return }
        for document in node.own where node.receipts[document.entry.uid] != nil {
            let entry = document.entry
            if entry.log == receipt.log, receipt.from <= entry.seq, entry.seq <= receipt.to {
                promised[entry.uid] = document
            }
        }
    }
}

package import Review

/// Up to where in the hub's order everything survives the loss of the hub's disk: the oldest backup
/// that is still there, and verified, holds it.
///
/// Nothing is purged on a node that lies beyond it: whatever a hub that is restored may lack, some
/// node still has.
package struct Watermark: Sendable, Equatable {
    package let hubEpoch: String
    /// 0 where there is no backup.
    package let hubSeq: Int64

    package init(hubEpoch: String, hubSeq: Int64) {
        self.hubEpoch = hubEpoch
        self.hubSeq = hubSeq
    }

    package init(_ greeting: Greeting) {
        self.init(hubEpoch: greeting.hub.epoch, hubSeq: greeting.watermark)
    }

    package var json: JSON {
        ["hubEpoch": .string(hubEpoch), "hubSeq": .integer(hubSeq)]
    }

    package init?(json: JSON) {
        guard let hubEpoch = json["hubEpoch"]?.string, let hubSeq = json["hubSeq"]?.integer else {
            return nil
        }
        self.init(hubEpoch: hubEpoch, hubSeq: hubSeq)
    }
}

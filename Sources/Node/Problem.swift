import Review
import Sync

/// What the hub answers when it does not do what it was asked (RFC 9457).
enum Problem {
    static func error(_ head: WireHead, _ body: [UInt8]) -> any Error {
        guard head.mediaType.hasPrefix("application/problem+json"),
            let json = try? JSON(parsing: body), let code = json["code"]?.string
        else {
            let told = "HTTP \(head.status), \(head.mediaType)"
            return isPassing(head.status)
                ? SyncError.unreachable(reason: "what stands between answered \(told)")
                : SyncError.notTheHub(reason: told)
        }
        return NodeError.refused(
            NodeError.Refusal(
                status: head.status,
                code: code,
                message: json["detail"]?.string ?? json["title"]?.string ?? code,
                hint: hint(json, head),
                isRetryable: json["retryable"]?.bool ?? false,
                hubTime: json["hubTime"]?.integer.map(Timestamp.init),
                retryAfterSeconds: head.retryAfterSeconds
            )
        )
    }

    /// Whether a proxy says by this status that it is the way that fails, and for now.
    ///
    /// 511 is what a network says that wants somebody to sign in.
    private static func isPassing(_ status: Int) -> Bool {
        [408, 429].contains(status) || (500..<600).contains(status) && status != 511
    }

    private static func hint(_ json: JSON, _ head: WireHead) -> String {
        if let seconds = head.retryAfterSeconds { return "in \(seconds) s: `countersign sync`" }
        return json["hint"]?.string ?? "try again later: `countersign sync`"
    }
}

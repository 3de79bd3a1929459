import Review
import Sync

/// What the hub answers when it does not do what it was asked (RFC 9457).
enum Problem {
    static func error(_ head: WireHead, _ body: [UInt8]) -> any Error {
        guard head.mediaType.hasPrefix("application/problem+json"),
            let json = try? JSON(parsing: body), let code = json["code"]?.string
        else {
            return SyncError.notTheHub(reason: "HTTP \(head.status), \(head.mediaType)")
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

    private static func hint(_ json: JSON, _ head: WireHead) -> String {
        if let seconds = head.retryAfterSeconds { return "in \(seconds) s: `countersign sync`" }
        return json["hint"]?.string ?? "try again later: `countersign sync`"
    }
}

@testable import Node
import Review
import Sync
import Testing

@Suite("What a hub says when it refuses")
struct ProblemTests {
    private func failure(_ status: Int, retryAfter: Int64?) -> NodeFailure {
        let body = #"{"code": "tooOften", "detail": "too many", "hint": "x", "retryable": true}"#
        let head = WireHead(
            status: status,
            mediaType: "application/problem+json",
            retryAfterSeconds: retryAfter
        )
        return NodeFailure(Problem.error(head, Array(body.utf8)))
    }

    @Test(arguments: [429, 503])
    func `who must wait is told how long`(status: Int) {
        let told = failure(status, retryAfter: 12)
        #expect(told.kind == .busy && told.isRetryable && told.code == "tooOften")
        #expect(told.hint == "in 12 s: `countersign sync`")
        #expect(failure(status, retryAfter: nil).hint == "x")
    }

    @Test(arguments: [(403, false), (408, true), (502, true), (503, true), (511, false)])
    func `what stands between is told from what stands in the hub's place`(
        status: Int,
        isPassing: Bool
    ) {
        let error = Problem.error(WireHead(status: status, mediaType: "text/html"), [])
        let failure = NodeFailure(error)
        #expect(failure.kind == .tryLater && failure.message.contains("HTTP \(status)"))
        #expect(failure.code == (isPassing ? "offline" : "notTheHub"))
    }

    @Test func `how long is there for a program to use`() {
        let head = WireHead(
            status: 429,
            mediaType: "application/problem+json",
            retryAfterSeconds: 7
        )
        let error = Problem.error(head, Array(#"{"code": "tooOften"}"#.utf8))
        guard case NodeError.refused(let refusal) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(refusal.retryAfterSeconds == 7)
    }
}

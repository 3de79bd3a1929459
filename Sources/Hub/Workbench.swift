import Dispatch

/// Where blocking work of the server is done: never on the threads that serve connections.
struct Workbench: Sendable {
    private let queue = DispatchQueue(label: "countersign-hub.work", attributes: .concurrent)

    func run<Answer: Sendable>(
        _ work: @escaping @Sendable () throws -> Answer
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}

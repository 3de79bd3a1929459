import Hummingbird
import Logging
import Review

/// Turns errors into problem details (RFC 9457), with a stable `code`, `retryable` and a `hint`.
struct Problems<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError {
            return HubFailure(
                error.status == .notFound ? "noSuchPath" : "badRequest",
                "\(request.method) \(request.uri.path) is nothing this hub answers",
                hint: "the paths are listed in the documentation",
                kind: error.status == .notFound ? .notFound : .badInput
            ).response
        } catch {
            let failure = HubFailure(error)
            context.logger.warning(
                "request refused",
                metadata: ["path": "\(request.uri.path)", "code": "\(failure.code)"]
            )
            return failure.response
        }
    }
}

extension HubFailure {
    var response: Response {
        var members: [String: JSON] = [
            "type": "about:blank", "title": .string(code), "status": .integer(status.code),
            "detail": .string(message), "code": .string(code), "retryable": .bool(isRetryable),
            "hint": hint.map { .string($0) } ?? .null,
        ]
        members.merge(details) { _, detail in detail }
        return Response(
            status: status,
            headers: [.contentType: "application/problem+json"],
            body: .init(byteBuffer: ByteBuffer(bytes: JSON.object(members).canonicalBytes))
        )
    }

    private var status: HTTPResponse.Status {
        switch kind {
        case .badInput: .badRequest
        case .tooLarge: .contentTooLarge
        case .notFound: .notFound
        case .refused: .conflict
        case .notAllowed: .forbidden
        case .unknownCaller: .unauthorized
        case .cannotWrite: .init(code: 507, reasonPhrase: "Insufficient Storage")
        case .tryLater: .serviceUnavailable
        case .failed: .internalServerError
        }
    }
}

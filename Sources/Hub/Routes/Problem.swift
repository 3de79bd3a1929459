import Hummingbird
import Logging
import Review

/// Turns errors into problem details (RFC 9457), with a stable `code`, `retryable` and a `hint`.
///
/// Who fails to show who they are is counted, and told so once it is too often: what is right is
/// never refused for what others at the same address did wrong.
struct Problems: RouterMiddleware {
    let office: HubOffice
    let work: Workbench

    func handle(
        _ request: Request,
        context: HubContext,
        next: @concurrent (Request, HubContext) async throws -> Response
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
            let failure = await counted(HubFailure(error), request, context)
            context.logger.warning(
                "request refused",
                metadata: ["path": "\(request.uri.path)", "code": "\(failure.code)"]
            )
            return failure.response
        }
    }
}

extension Problems {
    /// The failure, or that there were too many of them.
    private func counted(
        _ failure: HubFailure,
        _ request: Request,
        _ context: HubContext
    ) async -> HubFailure {
        let isOfStranger =
            failure.kind == .unknownCaller && failure.code != "clock"
            || request.uri.path == "/v1/enrol"
        guard isOfStranger else { return failure }
        do {
            try await work.run { [office, address = context.address] in
                try office.countStranger(at: address)
            }
            return failure
        } catch {
            return HubFailure(error)
        }
    }
}

extension HubFailure {
    var response: Response {
        // Who asks cannot make room on the hub's disk, and may ask again once somebody has.
        let isFull = kind == .cannotWrite
        var members: [String: JSON] = [
            "type": "about:blank", "title": .string(code), "status": .integer(status.code),
            "detail": .string(message), "code": .string(code),
            "retryable": .bool(isRetryable || isFull),
            "hint": hint.map { .string($0) } ?? .null,
        ]
        members.merge(details) { _, detail in detail }
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        let seconds = details["retryAfter"]?.integer ?? (isFull ? 60 : nil)
        if let seconds { headers[.retryAfter] = "\(seconds)" }
        return Response(
            status: status,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: JSON.object(members).canonicalBytes))
        )
    }

    private var status: HTTPResponse.Status {
        switch kind {
        case .badInput: .badRequest
        case .tooLarge: .contentTooLarge
        case .wrongContent: .unprocessableContent
        case .outOfRange: .rangeNotSatisfiable
        case .notFound: .notFound
        case .refused: .conflict
        case .notAllowed: .forbidden
        case .unknownCaller: .unauthorized
        case .tooOften: .tooManyRequests
        case .cannotWrite: .init(code: 507, reasonPhrase: "Insufficient Storage")
        case .tryLater: .serviceUnavailable
        case .failed: .internalServerError
        }
    }
}

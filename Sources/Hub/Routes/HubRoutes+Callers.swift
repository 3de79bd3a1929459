import HubStore
import Hummingbird
import Review

extension HubRoutes {
    /// How much a batch of cases may hold, as JSON lines.
    private static let batchBytes = 64 << 20
    /// How many changes of outcomes one answer holds.
    private static let outcomes = 1000

    func addCallers(to router: Router<HubContext>) {
        router.post("v1/cases") { [self] request, _ in
            try await authorize(request)
            let type = Self.header("content-type", in: request.headers) ?? ""
            return type.hasPrefix("application/x-ndjson")
                ? try await takeLines(request) : try await takeCase(request)
        }
        router.get("v1/cases/:workflow/:id") { [self] request, context in
            try await authorize(request)
            let name = try Self.name(context)
            return try await answer { try $0.showCase(name) }
        }
        router.post("v1/cases/:workflow/:id/claim") { [self] request, context in
            try await authorize(request)
            let name = try Self.name(context)
            let body = try await Self.body(of: request, upTo: 64 << 10)
            return try await answer { office in
                let json = body.isEmpty ? .null : try HubOffice.parse(body)
                return try office.claim(
                    name,
                    outcome: json["outcome"]?.string,
                    because: json["because"]?.string
                )
            }
        }
        router.post("v1/cases/:workflow/:id/withdraw") { [self] request, context in
            let caller = try await authorize(request)
            let name = try Self.name(context)
            let body = try await Self.body(of: request, upTo: 64 << 10)
            return try await answer { office in
                let json = body.isEmpty ? .null : try HubOffice.parse(body)
                return try office.withdraw(name, by: caller, because: json["because"]?.string)
            }
        }
        router.post("v1/cases/:workflow/:id/acted") { [self] request, context in
            try await authorize(request)
            let name = try Self.name(context)
            let body = try await Self.body(of: request, upTo: HubOffice.caseLimit)
            return try await answer { office in
                let json = try HubOffice.parse(body)
                guard let label = json["label"]?.string else {
                    throw HubFailure(
                        "badActed",
                        "`label`, what was done, is missing; nothing was changed",
                        kind: .badInput
                    )
                }
                return try office.acted(
                    name,
                    label: label,
                    output: json["output"],
                    takenAt: json["takenAt"]?.string,
                    reversibleUntil: json["reversibleUntil"]?.string,
                    because: json["because"]?.string
                )
            }
        }
        router.get("v1/outcomes") { [self] request, _ in
            try await authorize(request)
            let after = request.uri.queryParameters["after"].flatMap { Int64($0) } ?? 0
            return Self.lines(
                try await work.run { [office] in
                    var rows: [String] = []
                    try office.listOutcomes(after: after, limit: Self.outcomes) {
                        rows.append($0.json)
                    }
                    return rows
                }
            )
        }
    }

    // MARK: - Cases

    private func takeCase(_ request: Request) async throws -> Response {
        let body = try await Self.body(of: request, upTo: HubOffice.caseLimit + (64 << 10))
        let answer = try await work.run { [office] in
            try office.intake([CaseLine(number: 1, bytes: body)])
        }
        return Self.json(try answer.first?.get() ?? .null)
    }

    private func takeLines(_ request: Request) async throws -> Response {
        let body = try await Self.body(of: request, upTo: Self.batchBytes)
        return Self.lines(
            try await work.run { [office] in
                let lines = body.split(
                    separator: UInt8(ascii: "\n"),
                    omittingEmptySubsequences: false
                )
                .enumerated().filter { !$0.element.allSatisfy { $0 == 0x20 || $0 == 0x0D } }
                .map { CaseLine(number: $0.offset + 1, bytes: Array($0.element)) }
                return try office.intake(lines: lines).answers.map(\.json)
            }
        )
    }

    // MARK: - Pieces

    /// Lets only callers with an API key through; which one it is.
    @discardableResult
    func authorize(_ request: Request) async throws -> String {
        let header = Self.header("authorization", in: request.headers) ?? ""
        let key = header.hasPrefix("Bearer ") ? String(header.dropFirst(7)) : ""
        return try await work.run { [office] in try office.caller(withKey: key) }
    }

    private func answer(
        _ act: @escaping @Sendable (HubOffice) throws -> Shown
    ) async throws -> Response {
        Self.jsonText(try await work.run { [office] in try act(office).json })
    }

    private static func name(_ context: HubContext) throws -> String {
        "\(try context.parameters.require("workflow"))/\(try context.parameters.require("id"))"
    }

    private static func lines(_ rows: [String]) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/x-ndjson"],
            body: .init(byteBuffer: ByteBuffer(string: rows.map { $0 + "\n" }.joined()))
        )
    }
}

import HubStore
package import Hummingbird
import Review
import Sync

/// Everything the hub answers over HTTP: decode, call one function, encode.
package struct HubRoutes: Sendable {
    let office: HubOffice
    let work = Workbench()

    package init(_ office: HubOffice) { self.office = office }

    package var router: Router<HubContext> {
        let router = Router(context: HubContext.self)
        router.add(middleware: Problems(office: office, work: work))
        addNodes(to: router)
        addCallers(to: router)
        addAuthority(to: router)
        addBlobs(to: router)
        router.get("healthz") { _, _ in Self.json(["status": "ok"]) }
        router.get("readyz") { [self] _, _ in
            try await work.run { [office] in _ = try office.store.read(Wanted()) }
            return Self.json(["status": "ready"])
        }
        return router
    }

    // MARK: - Nodes

    private func addNodes(to router: Router<HubContext>) {
        router.post("v1/sync") { [self] request, _ in
            let body = try await Self.body(of: request, upTo: Limits.request)
            let call = SyncCall(path: request.uri.path, body: body) { [headers = request.headers] in
                Self.header($0, in: headers)
            }
            let reply = try await work.run { [office] in try office.sync(call) }
            return Response(
                status: .ok,
                headers: [.contentType: "application/vnd.countersign.sync"],
                body: .init(byteBuffer: ByteBuffer(bytes: reply))
            )
        }
        router.post("v1/enrol") { [self] request, _ in
            let body = try await Self.body(of: request, upTo: 64 << 10)
            let answer = try await work.run { [office] in
                try office.enrol(try HubOffice.parse(body))
            }
            return Self.json(answer)
        }
    }

    /// The certificate that nodes pin: no secret, and worth nothing but by its fingerprint.
    private func addAuthority(to router: Router<HubContext>) {
        router.get("v1/authority") { [self] _, _ in
            let bytes = try await work.run { [office] in try office.authorityCertificate() }
            return Response(
                status: .ok,
                headers: [.contentType: "application/pkix-cert"],
                body: .init(byteBuffer: ByteBuffer(bytes: bytes))
            )
        }
    }

    // MARK: - What all routes share

    static func json(_ json: JSON) -> Response { jsonText(json.canonical) }

    static func jsonText(_ text: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// The whole body, refused as soon as it is longer than allowed.
    static func body(of request: Request, upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in request.body {
            bytes += chunk.readableBytesView
            if bytes.count > limit {
                throw HubFailure(
                    "tooLarge",
                    "the request has more than \(limit) bytes; nothing of it was taken",
                    hint: "send it in parts",
                    kind: .tooLarge
                )
            }
        }
        return bytes
    }

    static func header(_ name: String, in headers: HTTPFields) -> String? {
        headers.first { $0.name.canonicalName == name }?.value
    }
}

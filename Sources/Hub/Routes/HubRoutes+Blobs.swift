import Hummingbird
import NIOCore
import Review
import Storage

extension HubRoutes {
    /// What marks a reply as a blob, so that no sign-in page can pass for one.
    private static let mediaType = "application/vnd.countersign.blob"
    /// How much of a file is read at once.
    private static let piece = 64 << 10

    func addBlobs(to router: Router<HubContext>) {
        router.get("v1/blobs/:sha256") { [self] request, context in
            try await blob(request, context)
        }
        router.head("v1/blobs/:sha256") { [self] request, context in
            if request.headers[.authorization] != nil {
                return try await progress(request, context)
            }
            return try await blob(request, context).createHeadResponse()
        }
        router.put("v1/blobs/:sha256") { [self] request, context in
            try await authorize(request)
            return try await upload(request, context)
        }
    }

    /// The bytes that a node asks for.
    private func blob(_ request: Request, _ context: HubContext) async throws -> Response {
        let call = SyncCall(method: "\(request.method)", path: request.uri.path, body: []) {
            [headers = request.headers] in Self.header($0, in: headers)
        }
        let name = try context.parameters.require("sha256")
        let file = try await work.run { [office] in try office.blob(name, for: call) }
        var headers: HTTPFields = [.contentType: Self.mediaType, .acceptRanges: "bytes"]
        let bounds: Range<Int>
        switch ByteRange(Self.header("range", in: request.headers), of: file.size) {
        case .whole: bounds = 0..<file.size
        case .part(let part):
            bounds = part
            headers[.contentRange] =
                "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.size)"
        case .outside:
            throw HubFailure(
                "outside",
                "the attachment has \(file.size) bytes, and none of those asked for",
                hint: "fetch it from its beginning",
                kind: .outOfRange
            )
        }
        return Response(
            status: headers[.contentRange] == nil ? .ok : .partialContent,
            headers: headers,
            body: ResponseBody(contentLength: bounds.count) { [work] writer in
                var place = bounds.lowerBound
                while place < bounds.upperBound {
                    let count = min(Self.piece, bounds.upperBound - place)
                    let bytes = try await work.run { [place] in
                        file.read(at: place, upTo: count) ?? []
                    }
                    if bytes.isEmpty { break }  // It has shrunk, which the node will see.
                    place += bytes.count
                    try await writer.write(ByteBuffer(bytes: bytes))
                }
                try await writer.finish(nil)
            }
        )
    }

    /// How far an upload came, for whoever goes on with it.
    private func progress(_ request: Request, _ context: HubContext) async throws -> Response {
        try await authorize(request)
        let digest = try HubOffice.blobName(try context.parameters.require("sha256"))
        let (bytes, isWhole) = try await work.run { [office] in office.progress(of: digest) }
        var headers = HTTPFields()
        if let name = HTTPFields.Element.Name("upload-offset") { headers[name] = "\(bytes)" }
        return Response(status: isWhole ? .ok : .notFound, headers: headers, body: ResponseBody())
    }

    private func upload(_ request: Request, _ context: HubContext) async throws -> Response {
        let digest = try HubOffice.blobName(try context.parameters.require("sha256"))
        let header = Self.header("content-range", in: request.headers)
        let range = header.flatMap { UploadRange($0) }
        if header != nil, range == nil {
            throw HubFailure(
                "badRange",
                "the Content-Range of the upload cannot be read; nothing of it was taken",
                hint: "it is written `bytes FIRST-LAST/SIZE`",
                kind: .badInput
            )
        }
        let part = try await work.run { [office] in try office.upload(digest, range) }
        if let part {
            defer { part.letGo() }  // Whoever is answered may go on at once.
            for try await chunk in request.body {
                try await work.run { [office] in
                    try office.extend(part, by: Array(chunk.readableBytesView), within: range)
                }
            }
            try await work.run { [office] in try office.close(part, within: range) }
        }
        let (bytes, isWhole) = try await work.run { [office] in office.progress(of: digest) }
        return Self.json([
            "sha256": .string(digest.bytes.hexadecimal), "bytes": .integer(bytes),
            "complete": .bool(isWhole),
        ])
    }
}

import CCurl

/// Sends requests, one after the other, and keeps the connection between them.
///
/// Blocking: it belongs on a thread of its own, never on the pool that runs tasks. It follows no
/// redirect, speaks HTTP and HTTPS only, and sends nothing to whom `trust` does not cover.
package struct HTTPClient: ~Copyable {
    /// How long a connection may take to come about.
    ///
    /// A transfer that moves may take as long as it likes.
    package static let connectSeconds = 10
    /// How long less than a byte a second may move before the transfer is given up.
    package static let stallSeconds = 30
    /// How much of a reply is handed over at once, where so much has come.
    private static let pieceBytes = 64 << 10

    private let handle = EasyHandle()
    private let trust: Trust

    package init(trust: Trust = .system) { self.trust = trust }

    /// Sends `request`; hands over each piece of the reply's body as it comes, with its head.
    ///
    /// Returns the head once the reply is whole. Throws `TransportError`, or what `onBytes` threw,
    /// which ends the transfer; pieces handed over before that were received in this order.
    @discardableResult
    package mutating func send(
        _ request: Request,
        onBytes: (Response, [UInt8]) throws -> Void
    ) throws -> Response {
        try withoutActuallyEscaping(onBytes) { receiver in
            let reception = Reception(limit: request.replyLimit, receiver: receiver)
            let code = perform(request, into: reception)
            if let failure = reception.failure { throw failure }
            if code != CURLE_OK { throw translated(code, request) }
            return reception.response
        }
    }

    private func perform(_ request: Request, into reception: Reception) -> CURLcode {
        precondition(
            trust != .anybody || request.method == .get && request.headers.isEmpty,
            "nothing is sent to who knows whom"
        )
        handle.reset()
        let headers = Self.headerLines(request)
        setPolicy(for: request)
        setTrust()
        setContent(request)
        handle.set(CURLOPT_HTTPHEADER, list: headers)
        let context = Unmanaged.passUnretained(reception).toOpaque()
        handle.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            receive(bytes, size * count, context) { $0.takeHead($1) }
        }
        handle.set(CURLOPT_HEADERDATA, pointer: context)
        handle.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            receive(bytes, size * count, context) { $0.takeBody($1) }
        }
        handle.set(CURLOPT_WRITEDATA, pointer: context)
        let code = withoutBrokenPipe { handle.perform() }
        withExtendedLifetime(headers) {}  // libcurl read both until here.
        withExtendedLifetime(reception) {}
        return code
    }
}

// MARK: - Options

extension HTTPClient {
    private func setPolicy(for request: Request) {
        handle.set(CURLOPT_URL, request.url.text)
        handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        handle.set(CURLOPT_FOLLOWLOCATION, 0)
        handle.set(CURLOPT_NOSIGNAL, 1)
        handle.set(CURLOPT_CONNECTTIMEOUT, min(Self.connectSeconds, request.patienceSeconds))
        handle.set(CURLOPT_BUFFERSIZE, Self.pieceBytes)
        handle.set(CURLOPT_LOW_SPEED_LIMIT, 1)
        handle.set(CURLOPT_LOW_SPEED_TIME, request.patienceSeconds)
        if request.url.isLoopback { handle.set(CURLOPT_PROXY, "") }  // Whatever `http_proxy` says.
    }

    private func setTrust() {
        switch trust {
        case .system: break
        case .authority(let certificate):
            handle.set(CURLOPT_CAINFO_BLOB, bytes: Trust.pem(certificate))
            handle.clear(CURLOPT_CAPATH)  // Else the system's authorities would do as well.
        case .anybody:
            handle.set(CURLOPT_SSL_VERIFYPEER, 0)
            handle.set(CURLOPT_SSL_VERIFYHOST, 0)
        }
    }

    private func setContent(_ request: Request) {
        guard request.method != .get else { return handle.set(CURLOPT_HTTPGET, 1) }
        handle.set(CURLOPT_POST, 1)
        handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        handle.set(CURLOPT_POSTFIELDSIZE_LARGE, size: request.body.count)
        // An empty body without this byte would be a null pointer, which means "ask for it".
        var bytes = request.body + [0]
        bytes.withUnsafeMutableBytes {
            handle.set(CURLOPT_COPYPOSTFIELDS, pointer: $0.baseAddress)  // The size was set before.
        }
    }

    /// Ours, and an empty one for each that libcurl would add by itself.
    private static func headerLines(_ request: Request) -> HeaderList {
        var list = HeaderList()
        let names = request.headers.map { $0.name.lowercased() }
        for name in ["Accept", "Content-Type", "Expect"] where !names.contains(name.lowercased()) {
            list.append("\(name):")
        }
        for (name, value) in request.headers {
            list.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        return list
    }
}

// MARK: - Errors

extension HTTPClient {
    private func translated(_ code: CURLcode, _ request: Request) -> TransportError {
        let reason = String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            // Zero until a request can be sent, which includes TLS.
            guard handle.size(of: CURLINFO_PRETRANSFER_TIME_T) == 0 else {
                return .stalled(seconds: request.patienceSeconds)
            }
            let seconds = min(Self.connectSeconds, request.patienceSeconds)
            return .unreachable(reason: "no connection within \(seconds) s")
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
            CURLE_SSL_CONNECT_ERROR:
            return .unreachable(reason: reason)
        case CURLE_PEER_FAILED_VERIFICATION:
            return .certificate(Distrust(handle.number(of: CURLINFO_SSL_VERIFYRESULT), trust))
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CRL_BADFILE:
            return .certificate(.invalid)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            return .badAddress(request.url.text, reason: reason)
        default: return .interrupted(reason: reason)
        }
    }
}

/// A callback's way back to the `Reception` of its transfer; short of `length`, libcurl stops.
private func receive(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ length: Int,
    _ context: UnsafeMutableRawPointer?,
    _ take: (Reception, UnsafeRawBufferPointer) -> Bool
) -> Int {
    guard let context else { return 0 }
    let reception = Unmanaged<Reception>.fromOpaque(context).takeUnretainedValue()
    return take(reception, UnsafeRawBufferPointer(start: bytes, count: length)) ? length : -1
}

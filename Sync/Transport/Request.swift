/// One HTTP request.
///
/// Nothing is added to its headers but what HTTP itself requires.
package struct Request: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT" }

    package let method: Method
    package let url: HubURL
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// How many bytes of reply body are taken before it ends in `tooLarge`.
    package let replyLimit: Int
    /// How long less than a byte a second may move; never longer than `stallSeconds`.
    package let patienceSeconds: Int

    /// A header with a line break in it would be two headers, and is our own mistake: it traps.
    package init(
        _ method: Method,
        _ url: HubURL,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        replyLimit: Int,
        patienceSeconds: Int = HTTPClient.stallSeconds
    ) {
        precondition(
            headers.allSatisfy { header in
                (header.name + header.value).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            },
            "a header holds a control character"
        )
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.replyLimit = replyLimit
        self.patienceSeconds = min(max(1, patienceSeconds), HTTPClient.stallSeconds)
    }
}

/// The head of a reply.
///
/// A redirect is a reply like any other.
package struct Response: Sendable {
    package internal(set) var status = 0
    /// In the order they came.
    package internal(set) var headers: [(name: String, value: String)] = []

    /// The value of the first header of that name, in whatever case it is written.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

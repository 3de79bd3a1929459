import CCurl

/// Sole owner of one libcurl easy handle, and so of the connections that it keeps open.
///
/// Our own options cannot be refused by libcurl 7.85 and later, so a refusal is a trap.
struct EasyHandle: ~Copyable {
    private let pointer: UnsafeMutableRawPointer

    /// Runs before the first handle is made; libcurl 7.84 and later guard it against threads.
    private static let libraryIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init() {
        guard Self.libraryIsReady, let pointer = curl_easy_init() else {
            preconditionFailure("libcurl could not be started")
        }
        self.pointer = pointer
    }

    deinit { curl_easy_cleanup(pointer) }

    /// Forgets every option, and keeps the connections.
    func reset() { curl_easy_reset(pointer) }

    func set(_ option: CURLoption, _ value: Int) {
        check(curl_set_long(pointer, option, value), option)
    }

    func set(_ option: CURLoption, size: Int) {
        check(curl_set_size(pointer, option, curl_off_t(size)), option)
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) {
        check(curl_set_text(pointer, option, value), option)
    }

    /// Takes an option back that libcurl sets by itself.
    func clear(_ option: CURLoption) { check(curl_set_text(pointer, option, nil), option) }

    /// libcurl copies the bytes.
    func set(_ option: CURLoption, bytes: [UInt8]) {
        var bytes = bytes
        let size = bytes.count
        check(curl_set_bytes(pointer, option, &bytes, size), option)
    }

    /// libcurl keeps the pointer, and reads it during `perform`.
    func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
        check(curl_set_pointer(pointer, option, value), option)
    }

    /// libcurl keeps the list, and reads it during `perform`.
    func set(_ option: CURLoption, list: borrowing HeaderList) {
        check(curl_set_list(pointer, option, list.head), option)
    }

    func set(_ option: CURLoption, receiver: @escaping curl_receiver) {
        check(curl_set_receiver(pointer, option, receiver), option)
    }

    func size(of info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return curl_get_size(pointer, info, &value) == CURLE_OK ? Int(value) : 0
    }

    func number(of info: CURLINFO) -> Int {
        var value = 0
        return curl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    /// Carries the request out on this thread, and returns when it has ended.
    func perform() -> CURLcode { curl_easy_perform(pointer) }

    private func check(_ code: CURLcode, _ option: CURLoption) {
        precondition(
            code == CURLE_OK,
            "libcurl refused option \(option.rawValue): \(String(cString: curl_easy_strerror(code)))"
        )
    }
}

/// Sole owner of a list of header lines.
struct HeaderList: ~Copyable {
    fileprivate private(set) var head: UnsafeMutablePointer<curl_slist>?

    deinit { curl_slist_free_all(head) }

    /// Adds a line; libcurl copies it.
    mutating func append(_ line: String) {
        guard let longer = curl_slist_append(head, line) else {
            preconditionFailure("out of memory")
        }
        head = longer
    }
}

import CCurl

/// One libcurl transfer handle with the memory that libcurl keeps pointers into; used again for
/// one transfer after another.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerLines: UnsafeMutablePointer<curl_slist>?

    init() throws(HTTPError) {
        guard let pointer = curl_easy_init() else {
            throw .other(code: Int(CURLE_OUT_OF_MEMORY.rawValue), text: "no handle to be had")
        }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headerLines)
        errorText.deallocate()
    }

    /// Forgets the last transfer. The handle must be in no multi handle.
    func reset() {
        curl_easy_reset(pointer)
        curl_slist_free_all(headerLines)
        headerLines = nil
        errorText.pointee = 0
    }

    func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
        try check(ccurl_set_long(pointer, option, value))
    }

    /// For the options whose name ends in LARGE.
    func set(_ option: CURLoption, large value: Int) throws(HTTPError) {
        try check(ccurl_set_offset(pointer, option, curl_off_t(value)))
    }

    func set(_ option: CURLoption, _ value: String) throws(HTTPError) {
        try check(ccurl_set_string(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) throws(HTTPError) {
        try check(ccurl_set_pointer(pointer, option, value))
    }

    func set(_ option: CURLoption, _ function: ccurl_receive) throws(HTTPError) {
        try check(ccurl_set_receive(pointer, option, function))
    }

    func setBeforeRequest(_ function: ccurl_before_request) throws(HTTPError) {
        try check(ccurl_set_before_request(pointer, function))
    }

    /// Lets libcurl explain failures into `reason`.
    func collectErrorText() throws(HTTPError) {
        try set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorText))
    }

    /// Copies `bytes`: the request's own array may move.
    func setBody(_ bytes: [UInt8]) throws(HTTPError) {
        try set(CURLOPT_POSTFIELDSIZE_LARGE, large: bytes.count)
        let code = bytes.withUnsafeBytes {
            ccurl_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? .init(errorText))
        }
        try check(code)
    }

    /// The request's lines in libcurl's form: "Name: value", "Name;" for an empty value and "Name:"
    /// for a line that libcurl would add and shall not.
    func setHeaderLines(_ lines: [String]) throws(HTTPError) {
        for line in lines {
            guard let longer = curl_slist_append(headerLines, line) else {
                throw Self.error(CURLE_OUT_OF_MEMORY)
            }
            headerLines = longer
        }
        try check(ccurl_set_pointer(pointer, CURLOPT_HTTPHEADER, headerLines))
    }

    /// A number that libcurl keeps about the transfer; 0 where it has none.
    func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return ccurl_get_offset(pointer, info, &value) == CURLE_OK ? Int(value) : 0
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    /// Why the transfer failed, in libcurl's words; its fixed text for `code` where it says no more.
    func reason(for code: CURLcode) -> String {
        errorText.pointee == 0 ? Self.text(of: code) : String(cString: errorText)
    }

    static func text(of code: CURLcode) -> String { String(cString: curl_easy_strerror(code)) }

    static func error(_ code: CURLcode) -> HTTPError {
        .other(code: Int(code.rawValue), text: text(of: code))
    }

    private func check(_ code: CURLcode) throws(HTTPError) {
        guard code == CURLE_OK else { throw Self.error(code) }
    }
}

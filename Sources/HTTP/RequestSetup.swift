import CCurl

/// Which proxy requests go through.
public enum HTTPProxy: Sendable, Equatable {
    /// What `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say, as for curl.
    case environment
    /// None.
    case direct
    /// This one, for every host: "http://host:port".
    case url(String)
}

/// Turns requests into libcurl's options.
struct RequestSetup {
    /// A PEM file of authorities to trust beside the system's.
    let authorities: String?
    let proxy: HTTPProxy

    func apply(_ request: HTTPRequest, to transfer: Transfer) throws(HTTPError) {
        let easy = transfer.easy
        try URLText.check(request.url)
        try easy.set(CURLOPT_URL, request.url)
        try easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        // Without it, libcurl uses signals for its own timeouts, which a threaded program cannot
        // have.
        try easy.set(CURLOPT_NOSIGNAL, 1)
        try easy.set(CURLOPT_TCP_NODELAY, 1)
        try easy.set(CURLOPT_TCP_KEEPALIVE, 1)
        // Uvicorn and cpp-httplib (llama.cpp) close a connection after five idle seconds. One that they
        // close just as a request goes out cannot be told from one that was lost after it was read.
        try easy.set(CURLOPT_MAXAGE_CONN, 4)
        try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try easy.set(CURLOPT_ACCEPT_ENCODING, "gzip")
        // libcurl divides this among a name's addresses; the transfer's clock keeps it as well, for
        // the time spent waiting for another transfer's connection.
        let milliseconds = request.timeouts.connect * 1_000
        let longest = Int(Int32.max)
        try easy.set(
            CURLOPT_CONNECTTIMEOUT_MS,
            milliseconds < Double(longest) ? Int(max(milliseconds, 1)) : longest)
        if request.method != .head {
            // Refuses by the announced length; what comes is counted by the transfer.
            try easy.set(CURLOPT_MAXFILESIZE_LARGE, large: max(request.replyLimit, 1))
        }
        try applySecurity(request, to: easy)
        try applyMethod(request, to: easy)
        try easy.setHeaderLines(Self.lines(of: request))
        try applyCallbacks(of: transfer, to: easy)
    }

    private func applySecurity(_ request: HTTPRequest, to easy: EasyHandle) throws(HTTPError) {
        switch proxy {
        case .environment: break
        case .direct: try easy.set(CURLOPT_PROXY, "")
        case .url(let url): try easy.set(CURLOPT_PROXY, url)
        }
        guard URLText.isSecure(request.url) else {
            try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
            return
        }
        try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // A burst of requests to a new host waits for its first connection, to share it where the
        // host speaks HTTP/2, instead of opening one each.
        try easy.set(CURLOPT_PIPEWAIT, 1)
        try easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // Peer and host name are verified by default. This replaces the system's bundle; the
        // system's folder of authorities stays.
        if let authorities { try easy.set(CURLOPT_CAINFO, authorities) }
    }

    private func applyMethod(_ request: HTTPRequest, to easy: EasyHandle) throws(HTTPError) {
        switch request.method {
        case .get where request.body.isEmpty: break
        case .head: try easy.set(CURLOPT_NOBODY, 1)
        case .delete where request.body.isEmpty:
            try easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        default:
            try easy.setBody(request.body)
            try easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func applyCallbacks(of transfer: Transfer, to easy: EasyHandle) throws(HTTPError) {
        // Unretained: the engine holds the transfer until its handle has left libcurl.
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        try easy.collectErrorText()
        try easy.set(CURLOPT_PRIVATE, context)
        try easy.set(CURLOPT_WRITEDATA, context)
        try easy.set(CURLOPT_HEADERDATA, context)
        try easy.set(CURLOPT_PREREQDATA, context)
        try easy.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            Self.hand(bytes, size * count, context) { $0.take(body: $1) }
        }
        try easy.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            Self.hand(bytes, size * count, context) { $0.take(headerLine: $1) }
        }
        try easy.setBeforeRequest { context, _, _, _, _ in
            guard let context else { return CURL_PREREQFUNC_ABORT }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            return transfer.beforeRequest() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
    }

    /// - Returns: the count of bytes taken; anything else than `count` makes libcurl give up.
    private static func hand(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
        to take: (Transfer, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        guard count > 0 else { return 0 }
        guard let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return take(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    private static func lines(of request: HTTPRequest) throws(HTTPError) -> [String] {
        // libcurl would wait a second for a "100 Continue" before it sends a longer body.
        var lines = ["Expect:"]
        // And it would call every body a form.
        if request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
        for field in request.headers.fields {
            guard isName(field.name), isValue(field.value) else {
                let shown = field.name.unicodeScalars.filter { (0x21...0x7E).contains($0.value) }
                throw .badHeader(name: String(String.UnicodeScalarView(shown.prefix(40))))
            }
            let isEmpty = field.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            lines.append(isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        return lines
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
            }
    }

    private static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 != 0x00 && $0 != 0x0A && $0 != 0x0D }
    }
}

import CCurl

/// What may be said about a URL, and whether it can be asked.
enum URLText {
    /// Refuses what libcurl would guess about or cut short.
    static func check(_ url: String) throws(HTTPError) {
        let fault: String? =
            if !isSecure(url) && !hasPrefix(url, "http://") {
                "the scheme is neither http nor https"
            } else if url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
                "it holds a blank or a control character"
            } else {
                nil
            }
        if let fault { throw .badURL(url: label(of: url), reason: fault) }
    }

    static func isSecure(_ url: String) -> Bool { hasPrefix(url, "https://") }

    private static func hasPrefix(_ url: String, _ prefix: String) -> Bool {
        url.utf8.count > prefix.utf8.count
            && zip(url.utf8, prefix.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }

    /// "scheme://host:port/path". Of a URL that cannot be parsed, where secrets begin is not known:
    /// it is shown only if it has no user-info, up to its query.
    static func label(of url: String) -> String {
        parts(of: url)?.label ?? excerpt(of: url)
    }

    /// The host, for messages.
    static func host(of url: String) -> String { parts(of: url)?.host ?? excerpt(of: url) }

    private static func excerpt(of url: String) -> String {
        guard !url.contains("@") else { return "the request's URL" }
        let open = url.prefix { $0 != "?" && $0 != "#" }
        let printable = open.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F }
        let short = String(String.UnicodeScalarView(printable.prefix(60)))
        return short.isEmpty ? "the request's URL" : "\"\(short)\""
    }

    private static func parts(of url: String) -> (label: String, host: String)? {
        guard let parsed = curl_url() else { return nil }
        defer { curl_url_cleanup(parsed) }
        guard curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK,
            let scheme = part(CURLUPART_SCHEME, of: parsed),
            let host = part(CURLUPART_HOST, of: parsed),
            let path = part(CURLUPART_PATH, of: parsed)
        else { return nil }
        let port = part(CURLUPART_PORT, of: parsed).map { ":\($0)" } ?? ""
        return ("\(scheme)://\(host)\(port)\(path)", host)
    }

    private static func part(_ name: CURLUPart, of parsed: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(parsed, name, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}

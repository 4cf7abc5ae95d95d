import Glibc

/// The status line and the headers of a reply as they are sent.
enum ReplyHead {
    /// Names that the server sets itself.
    private static let ownNames = [
        "Connection", "Content-Length", "Date", "Keep-Alive", "Transfer-Encoding", "Upgrade",
    ]

    /// - Parameters:
    ///   - length: of the body; nil for one that lasts until the connection closes.
    ///   - time: seconds since 1970.
    /// - Returns: nil for a status or a header that must not be sent.
    static func bytes(
        status: Int, headers: HeaderFields, length: Int?, keepsAlive: Bool, time: Int
    ) -> [UInt8]? {
        guard (200...599).contains(status), headers.fields.allSatisfy(canSend) else { return nil }
        var text = "HTTP/1.1 \(status) \(StatusText.of(status))\r\nDate: \(date(time))\r\n"
        for field in headers.fields { text += "\(field.name): \(field.value)\r\n" }
        if let length, status != 204, status != 304 { text += "Content-Length: \(length)\r\n" }
        if !keepsAlive { text += "Connection: close\r\n" }
        return Array((text + "\r\n").utf8)
    }

    private static func canSend(_ field: HeaderFields.Field) -> Bool {
        HeaderBytes.isToken(field.name.utf8) && HeaderBytes.isText(field.value.utf8)
            && !ownNames.contains { $0.lowercased() == field.name.lowercased() }
    }

    /// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7), whatever the locale.
    static func date(_ time: Int) -> String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        var time = time
        var parts = tm()
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
            + "\(parts.tm_year + 1_900) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}

/// The phrases behind status numbers; they are for people who read along.
enum StatusText {
    static func of(_ status: Int) -> String { known[status] ?? "Status" }

    private static let known = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently",
        302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
        308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
        404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict",
        410: "Gone", 411: "Length Required", 413: "Content Too Large",
        415: "Unsupported Media Type", 417: "Expectation Failed", 421: "Misdirected Request",
        422: "Unprocessable Content", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error",
        501: "Not Implemented", 503: "Service Unavailable", 505: "HTTP Version Not Supported",
    ]
}

/// The request line and the headers of one request, checked.
struct RequestHead: Equatable {
    /// What is done about a request.
    enum Action: Equatable {
        /// The handler is asked; `sendsBody` is false for HEAD.
        case handle(ServedMethod, sendsBody: Bool)
        /// OPTIONS: the server says what is allowed.
        case tellMethods
    }

    let action: Action
    let target: RequestTarget
    let headers: HeaderFields
    let bodyLength: Int
    /// Whether the connection can carry another request.
    let keepsAlive: Bool
    /// The client waits for "100 Continue" before it sends the body.
    let expectsContinue: Bool

    /// Fields of which two would leave open which one holds.
    private static let singleNames = [
        "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Authorization", "Cookie",
        "Origin", "Referer", "Expect", "Sec-Fetch-Site", "Last-Event-ID",
    ]

    /// Reads a head.
    ///
    /// - Parameter bytes: up to, and without, the empty line.
    /// - Throws: the status that refuses the request.
    /// - Source: RFC 9112, sections 2 to 6, in the strict reading wherever it leaves a choice.
    init(_ bytes: ArraySlice<UInt8>, limits: ServerLimits) throws(RequestFault) {
        let lines = try Self.lines(of: bytes)
        let words = lines[0].split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3, HeaderBytes.isToken(words[0]) else {
            throw .badRequest("The request line is not of the form METHOD TARGET VERSION.")
        }
        let isNewer = try Self.isNewer(words[2])
        action = try Self.action(words[0])
        target = try RequestTarget(words[1], fieldLimit: limits.fieldCount)
        guard lines.count - 1 <= limits.headerCount else { throw .headTooLarge }
        headers = try Self.fields(of: lines.dropFirst())
        guard !isNewer || headers["Host"] != nil else { throw .badRequest("The host is missing.") }
        bodyLength = try Self.bodyLength(headers, limit: limits.bodyBytes)
        keepsAlive = isNewer && !Self.asksToClose(headers)
        expectsContinue = isNewer ? try Self.expectsContinue(headers) : false
    }

    /// Lines end with CR LF; neither stands alone.
    private static func lines(
        of bytes: ArraySlice<UInt8>
    ) throws(RequestFault) -> [ArraySlice<UInt8>] {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for index in lines.indices.dropLast() {
            guard lines[index].popLast() == 0x0D else { throw .badRequest("A line feed is bare.") }
        }
        for line in lines where !HeaderBytes.isText(line) {
            throw .badRequest("A header holds a control character.")
        }
        return lines
    }

    /// Whether the version is 1.1 and not 1.0.
    private static func isNewer(_ version: ArraySlice<UInt8>) throws(RequestFault) -> Bool {
        if version.elementsEqual("HTTP/1.1".utf8) { return true }
        if version.elementsEqual("HTTP/1.0".utf8) { return false }
        let digits = Array(version.dropFirst(5))
        guard version.starts(with: "HTTP/".utf8), digits.count == 3, digits[1] == 0x2E,
            [digits[0], digits[2]].allSatisfy({ (0x30...0x39).contains($0) })
        else { throw .badRequest("The request line is not of the form METHOD TARGET VERSION.") }
        throw .unknownVersion
    }

    private static func action(_ method: ArraySlice<UInt8>) throws(RequestFault) -> Action {
        let name = String(decoding: method, as: UTF8.self)
        if let method = ServedMethod(rawValue: name) { return .handle(method, sendsBody: true) }
        switch name {
        case "HEAD": return .handle(.get, sendsBody: false)
        case "OPTIONS": return .tellMethods
        default: throw .unknownMethod
        }
    }

    private static func fields(
        of lines: ArraySlice<ArraySlice<UInt8>>
    ) throws(RequestFault) -> HeaderFields {
        var headers = HeaderFields()
        for line in lines {
            // A line that continues the one before begins with a blank, and so has no name.
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                HeaderBytes.isToken(line[..<colon]),
                let value = String(validating: trimmed(line[colon...].dropFirst()), as: UTF8.self)
            else { throw .badRequest("A header is not of the form NAME: VALUE.") }
            headers.add(String(decoding: line[..<colon], as: UTF8.self), value)
        }
        guard singleNames.allSatisfy({ headers.count(of: $0) <= 1 }) else {
            throw .badRequest("A header that may be there once is there twice.")
        }
        return headers
    }

    private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var value = value.drop { $0 == 0x20 || $0 == 0x09 }
        while value.last == 0x20 || value.last == 0x09 { value.removeLast() }
        return value
    }

    private static func bodyLength(
        _ headers: HeaderFields, limit: Int
    ) throws(RequestFault) -> Int {
        let length = headers["Content-Length"]
        if headers["Transfer-Encoding"] != nil {
            guard length == nil else { throw .badRequest("The body's length is given twice.") }
            throw .lengthNeeded
        }
        guard let length else { return 0 }
        guard !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .badRequest("The body's length is not a number.")
        }
        // Digits that make no Int are a length above every limit.
        guard let count = Int(length), count <= limit else { throw .bodyTooLarge }
        return count
    }

    private static func asksToClose(_ headers: HeaderFields) -> Bool {
        headers.fields.contains { field in
            field.name.lowercased() == "connection"
                && field.value.lowercased().split(separator: ",").contains { option in
                    option.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
                        == "close"
                }
        }
    }

    private static func expectsContinue(_ headers: HeaderFields) throws(RequestFault) -> Bool {
        guard let expectation = headers["Expect"] else { return false }
        guard expectation.lowercased() == "100-continue" else { throw .unknownExpectation }
        return true
    }
}

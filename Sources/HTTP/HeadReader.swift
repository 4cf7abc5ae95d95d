/// Collects the lines before a body, as libcurl hands them out one by one.
struct HeadReader {
    /// Bound on all header lines of one transfer together, in bytes; a little below the 300 KB at
    /// which libcurl gives up with an error that does not say why.
    static let limit = 256 << 10

    private(set) var byteCount = 0
    /// Complete once the empty line after the headers of the final answer has come.
    private(set) var head: HTTPHead?
    private var status = 0
    private var version = HTTPVersion.http1_1
    private var fields: [HTTPHeaders.Field] = []

    enum Outcome {
        case more, complete, tooLarge
    }

    /// Takes one line, its line break included. Lines after the head (trailers) are counted and
    /// left aside; the heads of interim answers (1xx) are replaced by what follows.
    mutating func take(_ line: UnsafeRawBufferPointer) -> Outcome {
        byteCount += line.count
        guard byteCount <= Self.limit else { return .tooLarge }
        guard head == nil else { return .more }
        let text = Self.trimmed(line[...])
        if text.isEmpty {
            guard status >= 200 else { return .more }
            head = HTTPHead(status: status, headers: HTTPHeaders(fields), version: version)
            return .complete
        }
        if fields.isEmpty, text.starts(with: "HTTP/".utf8) {
            readStatus(text)
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            let value = Self.trimmed(text[(colon + 1)...])
            fields.append(
                .init(
                    String(decoding: text[..<colon], as: UTF8.self),
                    String(decoding: value, as: UTF8.self)))
        }
        return .more
    }

    private mutating func readStatus(_ text: Slice<UnsafeRawBufferPointer>) {
        let words = text.split(separator: UInt8(ascii: " "), maxSplits: 2)
        status = words.count > 1 ? Int(String(decoding: words[1], as: UTF8.self)) ?? 0 : 0
        version =
            switch String(decoding: words.first ?? text, as: UTF8.self) {
            case "HTTP/1.0": .http1_0
            case "HTTP/2", "HTTP/2.0": .http2
            case "HTTP/3": .http3
            default: .http1_1
            }
    }

    private static func trimmed(
        _ bytes: Slice<UnsafeRawBufferPointer>
    ) -> Slice<UnsafeRawBufferPointer> {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}

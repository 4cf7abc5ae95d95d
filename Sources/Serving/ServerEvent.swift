/// One server-sent event.
///
/// - Source: WHATWG HTML, section 9.2, "Server-sent events".
public struct ServerEvent: Sendable, Equatable {
    /// What listeners tell events apart by; "message" if nil.
    public var name: String?
    /// Comes back as `Last-Event-ID` when the client connects again.
    public var id: String?
    /// Any text; line breaks of every kind arrive as line feeds.
    public var data: String

    public init(name: String? = nil, id: String? = nil, data: String) {
        self.name = name
        self.id = id
        self.data = data
    }

    /// A comment, which clients pass over.
    static let heartbeat: [UInt8] = Array(":\n\n".utf8)

    /// As sent. A name or an id cannot break out of its line: it ends at the first break or NUL.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        if let name { Self.add("event", Self.firstLine(of: name), to: &bytes) }
        if let id { Self.add("id", Self.firstLine(of: id), to: &bytes) }
        let text = Array(data.utf8)
        var start = 0
        for index in text.indices where text[index] == 0x0A || text[index] == 0x0D {
            // The second byte of CR LF ends no line of its own.
            if index > 0, text[index] == 0x0A, text[index - 1] == 0x0D {
                start = index + 1
                continue
            }
            Self.add("data", text[start..<index], to: &bytes)
            start = index + 1
        }
        Self.add("data", text[start...], to: &bytes)
        bytes.append(0x0A)
        return bytes
    }

    private static func firstLine(of text: String) -> ArraySlice<UInt8> {
        Array(text.utf8).prefix { $0 != 0x0A && $0 != 0x0D && $0 != 0 }
    }

    private static func add(_ field: String, _ value: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        bytes += Array(field.utf8)
        bytes += [0x3A, 0x20]
        bytes += value
        bytes.append(0x0A)
    }
}

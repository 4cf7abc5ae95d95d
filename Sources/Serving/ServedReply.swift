/// What a handler answers.
public struct ServedReply: Sendable {
    public enum Body: Sendable {
        case bytes([UInt8])
        /// Each event is written as it comes. The stream is let go when the client is gone or the
        /// server stops; the connection closes when the stream ends.
        case events(AsyncStream<ServerEvent>)
    }

    /// From 200 to 599.
    public var status: Int
    /// The server adds the date, the length and what concerns the connection. A header whose name
    /// or value could break the reply's form, or that is the server's to set, turns the whole reply
    /// into a 500.
    public var headers: HeaderFields
    public var body: Body

    public init(status: Int = 200, headers: HeaderFields = [:], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public static func text(
        _ text: String, status: Int = 200, type: String = "text/plain; charset=utf-8"
    ) -> ServedReply {
        ServedReply(
            status: status, headers: ["Content-Type": type], body: .bytes(Array(text.utf8)))
    }

    public static func html(_ text: String, status: Int = 200) -> ServedReply {
        .text(text, status: status, type: "text/html; charset=utf-8")
    }

    public static func json(_ text: String, status: Int = 200) -> ServedReply {
        .text(text, status: status, type: "application/json")
    }

    /// Sends the client to another page, to be fetched by GET.
    public static func seeOther(_ path: String) -> ServedReply {
        ServedReply(status: 303, headers: ["Location": path])
    }

    public static func events(_ events: AsyncStream<ServerEvent>) -> ServedReply {
        ServedReply(
            headers: ["Content-Type": "text/event-stream", "Cache-Control": "no-store"],
            body: .events(events))
    }
}

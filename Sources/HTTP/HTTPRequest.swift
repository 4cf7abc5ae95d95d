/// What a request does to what its URL names.
public enum HTTPMethod: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// How long a request may take, in seconds. `Double.infinity` sets no bound.
public struct HTTPTimeouts: Sendable, Equatable {
    /// Until there is a connection to the server, its TLS included.
    public var connect: Double
    /// Without a byte in either direction, once connected. It covers the wait for the first byte of
    /// the reply, so it must exceed the time a model may think before it answers.
    public var idle: Double
    /// From the call to the last byte of the reply.
    public var total: Double

    public init(connect: Double = 5, idle: Double = 120, total: Double = 600) {
        self.connect = connect
        self.idle = idle
        self.total = total
    }

    /// Names one of the three.
    public enum Bound: String, Sendable {
        case connect, idle, total
    }
}

/// One request. It is sent once and redirects are not followed: a reply with a status of 3xx is
/// handed out as it is.
public struct HTTPRequest: Sendable {
    public var method: HTTPMethod
    /// Absolute, with the scheme http or https. Its query and user-info appear in no message.
    public var url: String
    public var headers: HTTPHeaders
    public var body: [UInt8]
    public var timeouts: HTTPTimeouts
    /// The largest body of a reply that is accepted, in bytes after decompression.
    public var replyLimit: Int

    public init(
        _ method: HTTPMethod = .get, _ url: String, headers: HTTPHeaders = [:], body: [UInt8] = [],
        timeouts: HTTPTimeouts = HTTPTimeouts(), replyLimit: Int = 32 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.replyLimit = replyLimit
    }
}

extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    /// The method and where it goes to; neither query, user-info, header values nor body.
    public var description: String { "\(method.rawValue) \(URLText.label(of: url))" }
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// The protocol a reply came over.
public enum HTTPVersion: String, Sendable {
    case http1_0 = "HTTP/1.0"
    case http1_1 = "HTTP/1.1"
    case http2 = "HTTP/2"
    case http3 = "HTTP/3"
}

/// What comes before the body of a reply.
public struct HTTPHead: Sendable, Equatable {
    public let status: Int
    /// As sent: `content-length` and `content-encoding` describe the body before decompression.
    public let headers: HTTPHeaders
    public let version: HTTPVersion

    public init(status: Int, headers: HTTPHeaders, version: HTTPVersion = .http1_1) {
        self.status = status
        self.headers = headers
        self.version = version
    }
}

/// A whole reply, of any status.
public struct HTTPReply: Sendable {
    public let head: HTTPHead
    /// Decompressed.
    public let body: [UInt8]
    /// From the call to the last byte, in seconds.
    public let seconds: Double

    public init(head: HTTPHead, body: [UInt8], seconds: Double) {
        self.head = head
        self.body = body
        self.seconds = seconds
    }

    public var status: Int { head.status }
    public var headers: HTTPHeaders { head.headers }
    public var version: HTTPVersion { head.version }
    /// The body read as UTF-8; bytes that are not are replaced by U+FFFD.
    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// A part of a reply, as it arrives.
public enum HTTPStreamEvent: Sendable, Equatable {
    /// Status and headers: first, and once.
    case head(HTTPHead)
    /// Some bytes of the body, decompressed, as they came: their division means nothing.
    case body([UInt8])
}

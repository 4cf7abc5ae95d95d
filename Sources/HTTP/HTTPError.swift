/// Why there is no reply. A reply of any status is no error.
///
/// No case holds the URL's query or user-info, a header's value or a body. `address` is
/// "scheme://host:port/path".
public enum HTTPError: Error, Equatable, Sendable {
    /// A URL that cannot be asked; `url` is what may be shown of it.
    case badURL(url: String, reason: String)
    /// A header that would break the request's form.
    case badHeader(name: String)
    /// A name without an address: the server's or the proxy's.
    case cannotResolve(host: String)
    /// No connection: refused, unreachable, or given up by the proxy.
    case cannotConnect(address: String, reason: String)
    /// No trusted connection.
    case tls(address: String, reason: String)
    /// One of the request's timeouts passed.
    case timedOut(HTTPTimeouts.Bound, seconds: Double, address: String)
    /// The connection ended before the reply was complete; `expected` is nil where the server did
    /// not say how long its body is. Compressed bytes count as they came.
    case closed(address: String, received: Int, expected: Int?)
    /// A body, or the headers, above the bound.
    case replyTooLarge(address: String, limit: Int)
    /// A reply that breaks the protocol.
    case notHTTP(address: String, reason: String)
    /// A file of extra authorities that cannot be used.
    case unusableAuthorities(path: String, reason: String)
    /// The task was cancelled, or the client shut down.
    case cancelled
    /// What libcurl reports beyond these; `text` is its fixed text for the code.
    case other(code: Int, text: String)

    /// Whether the server may have begun to act on the request. False only where that is sure:
    /// such a request can be sent again without being done twice.
    public var mayHaveReachedServer: Bool {
        switch self {
        case .badURL, .badHeader, .cannotResolve, .cannotConnect, .tls, .unusableAuthorities: false
        case .timedOut(let bound, _, _): bound != .connect
        case .closed, .replyTooLarge, .notHTTP, .cancelled, .other: true
        }
    }
}

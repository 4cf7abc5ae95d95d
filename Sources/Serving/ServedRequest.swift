/// What a request does to what its target names. Requests with another method are answered by the
/// server: OPTIONS with what is allowed, others with 501.
public enum ServedMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// A whole, well-formed request. Everything in it is a stranger's text.
public struct ServedRequest: Sendable, Equatable {
    /// A HEAD request comes as GET; the server leaves the body out of the reply.
    public var method: ServedMethod
    /// The path, decoded once: "/items/a%20b" is ["items", "a b"], "/" is []. No segment is empty,
    /// "." or "..", or holds a slash, a backslash or a control character.
    public var segments: [String]
    /// The decoded parameters of the query; each name is there once.
    public var query: [String: String]
    public var headers: HeaderFields
    /// At most `ServerLimits.bodyBytes`.
    public var body: [UInt8]

    public init(
        _ method: ServedMethod = .get, _ segments: [String] = [], query: [String: String] = [:],
        headers: HeaderFields = [:], body: [UInt8] = []
    ) {
        self.method = method
        self.segments = segments
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The cookies the client sent; of two with one name, the first. Values are as sent.
    public var cookies: [String: String] {
        var cookies: [String: String] = [:]
        for pair in (headers["Cookie"] ?? "").split(separator: ";") {
            let pair = pair.drop { $0 == " " || $0 == "\t" }
            guard let equals = pair.firstIndex(of: "=") else { continue }
            let name = String(pair[..<equals])
            if cookies[name] == nil { cookies[name] = String(pair[pair.index(after: equals)...]) }
        }
        return cookies
    }

    /// The fields of a form in the body; nil unless the body is "application/x-www-form-urlencoded"
    /// with at most `fieldLimit` fields, each name there once.
    public func form(fieldLimit: Int = ServerLimits().fieldCount) -> [String: String]? {
        guard mediaType == "application/x-www-form-urlencoded" else { return nil }
        return try? FormFields.decode(body[...], limit: fieldLimit)
    }

    /// The media type of the body in lower case, without parameters.
    public var mediaType: String? {
        headers["Content-Type"].map { value in
            value.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased()
        }
    }
}

import Foundation

extension HTTPError: CustomStringConvertible, LocalizedError {
    public var errorDescription: String? { description }

    /// One line: what it is about, what is wrong, what to do.
    public var description: String {
        switch self {
        case .badURL(let url, let reason):
            "\(url): \(reason); write an absolute URL, for instance \"https://host/path\""
        case .badHeader(let name):
            "header \"\(name)\": its name or its value holds a character that headers cannot "
                + "carry; look for a line break at the end of a key"
        case .cannotResolve(let host):
            "\(host): the name has no address; check its spelling and the network"
        case .cannotConnect(let address, let reason):
            "\(address): no connection (\(reason)); check that the server runs there and that a "
                + "proxy, if any, lets it through"
        case .tls(let address, let reason):
            "\(address): the connection cannot be trusted (\(reason)); if the server's "
                + "certificate is of a private authority, name the authority's file"
        case .timedOut(let bound, let seconds, let address):
            "\(address): \(bound.sentence(seconds)); raise the \(bound.rawValue) timeout if the "
                + "server needs longer"
        case .closed, .replyTooLarge, .notHTTP: replyText
        case .unusableAuthorities(let path, let reason):
            "\(path): cannot be used as certificate authorities (\(reason)); name a PEM file"
        case .cancelled: "the request was cancelled"
        case .other(let code, let text): "the request failed: libcurl \(code), \(text)"
        }
    }

    private var replyText: String {
        switch self {
        case .closed(let address, let received, let expected?):
            "\(address): the connection closed after \(received) of \(expected) bytes of the "
                + "reply; ask again if asking twice does no harm"
        case .closed(let address, let received, nil):
            "\(address): the connection closed before the reply was complete, after \(received) "
                + "bytes; ask again if asking twice does no harm"
        case .replyTooLarge(let address, let limit):
            "\(address): the reply exceeds \(limit) bytes; raise the limit or ask for less"
        case .notHTTP(let address, let reason):
            "\(address): the reply breaks HTTP (\(reason)); check that the URL's port is a web "
                + "server's"
        default: "the reply cannot be used"
        }
    }
}

extension HTTPTimeouts.Bound {
    fileprivate func sentence(_ seconds: Double) -> String {
        switch self {
        case .connect: "no connection within \(seconds) s"
        case .idle: "not a byte for \(seconds) s"
        case .total: "the reply was not complete within \(seconds) s"
        }
    }
}

import Foundation

/// What must agree for a key to be sent to an address.
struct Origin: Hashable {
    let scheme: String
    let host: String
    let port: Int

    init?(_ url: String) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            let host = parts.host?.lowercased(), !host.isEmpty, parts.user == nil,
            parts.password == nil, scheme == "https" || scheme == "http"
        else { return nil }
        self.scheme = scheme
        self.host = host
        port = parts.port ?? (scheme == "https" ? 443 : 80)
    }

    var text: String { "\(scheme)://\(host):\(port)" }

    /// `url` where it is of this origin. It is put together anew, so that two readers of addresses
    /// cannot take it for two.
    func address(like url: String) -> String? {
        guard Origin(url) == self, let parts = URLComponents(string: url) else { return nil }
        return text + parts.percentEncodedPath
            + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    }
}

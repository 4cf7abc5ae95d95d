import Foundation
import Serving

/// Whether a request comes from our own pages, and by a name of ours.
///
/// A page elsewhere can make a browser send requests here, with the cookie if the rules for cookies
/// let it; and its own name can be made to point to this machine (DNS rebinding), so that the browser
/// takes us for it. The first is told by the origin, the second by the host.
enum RequestOrigin {
    /// Refuses a request that was sent to a name that is not ours. An address is ours: nobody else's
    /// page can be loaded from it. The port is not compared: a tunnel may lead here from another.
    static func checkHost(_ request: ServedRequest, names: Set<String>) throws(ReviewRefusal) {
        guard let host = request.headers["Host"], let name = name(ofHost: host),
            isAddress(name) || names.contains(name)
        else {
            throw .forbidden(
                "this is not the name of the review pages: open them by the address that "
                    + "`conjecture serve` printed")
        }
    }

    /// Refuses a request that changes something and was not made by a page of ours.
    static func check(_ request: ServedRequest) throws(ReviewRefusal) {
        let site = request.headers["Sec-Fetch-Site"]
        let isOurs =
            if let origin = request.headers["Origin"] {
                // A proxy that speaks TLS may stand in front.
                request.headers["Host"].map { host in
                    ["http://\(host)", "https://\(host)"].contains {
                        $0.lowercased() == origin.lowercased()
                    }
                } ?? false
            } else {
                site == "same-origin"
            }
        guard isOurs, site == nil || site == "same-origin" else {
            throw .forbidden("this was not sent by the review pages; nothing was decided")
        }
    }

    /// "host:port" or "[address]:port" without the port, in lower case; nil for anything else.
    private static func name(ofHost host: String) -> String? {
        var name = host.lowercased()[...]
        if name.first == "[" {
            guard let end = name.firstIndex(of: "]") else { return nil }
            let rest = name[name.index(after: end)...]
            guard rest.isEmpty || isPort(rest) else { return nil }
            return String(name[name.index(after: name.startIndex)..<end])
        }
        if let colon = name.firstIndex(of: ":") {
            guard isPort(name[colon...]) else { return nil }
            name = name[..<colon]
        }
        return name.isEmpty ? nil : String(name)
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && (1...5).contains(text.count - 1)
            && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isAddress(_ name: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, name, &four) == 1 || inet_pton(AF_INET6, name, &six) == 1
    }
}

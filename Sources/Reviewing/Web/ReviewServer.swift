import Foundation
import Serving

/// The review pages on a port of this machine: `conjecture serve`.
///
/// Whoever opens the address made for them may decide in their name; see ``ReviewSecret``. Read next:
/// `ReviewSite` (who may ask for what), `ReviewRoute` (what there is), `ReviewFeed` (live changes).
public final class ReviewServer: Sendable {
    /// How often the memory is looked at while somebody listens.
    private static let interval = Duration.milliseconds(200)

    public let port: Int
    /// What the addresses begin with.
    private let name: String
    private let secret: ReviewSecret
    private let raters: [String]
    private let server: HTTPServer

    /// Begins to serve.
    ///
    /// - Parameters:
    ///   - port: 0 for any that is free.
    ///   - raters: who may decide.
    ///   - names: of this machine, by which the pages may be opened; an address always may.
    ///   - report: told in a sentence of what goes wrong on the server's side.
    /// - Throws: ``ServeError``, ``ReviewError/badRater(_:)`` or `ServingError`.
    public init(
        queue: ReviewQueue, secret: ReviewSecret, raters: [String], host: String = "127.0.0.1",
        port: Int = 0, names: [String] = [], limits: ServerLimits = ServerLimits(),
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        guard !raters.isEmpty else { throw ServeError.noRaters }
        for rater in raters { try ReviewQueue.check(rater: rater) }
        name = names.first ?? Self.reachable(host)
        self.secret = secret
        self.raters = raters
        let site = ReviewSite(
            queue: queue, secret: secret, raters: Set(raters),
            names: Set(names.map { $0.lowercased() } + ["localhost"]),
            feed: ReviewFeed(queue: queue, interval: Self.interval, report: report),
            runs: RunReader(store: queue.store), report: report)
        server = HTTPServer(host: host, port: port, limits: limits) { await site.reply(to: $0) }
        self.port = try server.start()
    }

    /// The address that lets each rater in, in the order of their names.
    public var addresses: [(rater: String, address: String)] {
        raters.map { rater in
            let token = secret.token(.enter, rater: rater)
            return (rater, "http://\(name):\(port)/enter?rater=\(rater)&token=\(token)")
        }
    }

    /// An address that means all of the machine's is none that a browser can open.
    private static func reachable(_ host: String) -> String {
        let host = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
        return host.contains(":") ? "[\(host)]" : host
    }

    public func stop() async { await server.stop() }
}

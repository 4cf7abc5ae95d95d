/// What Neuronpedia allows one address in any 60 minutes, by endpoint.
///
/// - Source: `apps/webapp/middleware.ts` of hijohnnylin/neuronpedia, August 2026; counted by
///   `Ratelimit.slidingWindow` of @upstash/ratelimit.
public struct NeuronpediaLimits: Sendable, Hashable {
    /// One endpoint's limits.
    public struct Endpoint: Sendable, Hashable {
        /// Every path that begins so counts.
        public let prefix: String
        public let ordinary: Int
        /// With a key that Neuronpedia has raised the limits of.
        public let raised: Int
    }

    public static let endpoints = [
        Endpoint(prefix: "/api", ordinary: 25_000, raised: 25_000),
        Endpoint(prefix: "/api/activation/new", ordinary: 1_000, raised: 3_000),
        Endpoint(prefix: "/api/explanation/search", ordinary: 200, raised: 3_000),
        Endpoint(prefix: "/api/explanation/score", ordinary: 120, raised: 120),
        Endpoint(prefix: "/api/steer", ordinary: 240, raised: 1_000),
        Endpoint(prefix: "/api/search-topk-by-token", ordinary: 500, raised: 1_200),
        Endpoint(prefix: "/api/search-all", ordinary: 1_600, raised: 1_600),
        Endpoint(prefix: "/api/graph/generate", ordinary: 30, raised: 320),
        Endpoint(prefix: "/api/lens/prompt", ordinary: 240, raised: 480),
        Endpoint(prefix: "/api/saelens/latent-decoder", ordinary: 3_600, raised: 3_600),
        Endpoint(prefix: "/api/model/new", ordinary: 5, raised: 5),
        Endpoint(prefix: "/api/source-set/new", ordinary: 10, raised: 10),
    ]

    /// The least of the limits that a path falls under.
    public static func limit(on path: String, isRaised: Bool) -> RequestLimit {
        let limits = endpoints.filter { path.hasPrefix($0.prefix) }
            .map { isRaised ? $0.raised : $0.ordinary }
        return RequestLimit(limits.min() ?? 25_000, window: 3600, counting: .twoFixedWindows)
    }
}

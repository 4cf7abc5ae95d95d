/// How many requests a server takes from one client in a span of time.
public struct RequestLimit: Sendable, Hashable {
    /// How the server counts.
    public enum Counting: Sendable, Hashable {
        /// Every request of the last window counts as one.
        case exact
        /// As `Ratelimit.slidingWindow` of Upstash: requests of the current of two fixed windows, and
        /// those of the one before times the share of it that a sliding window would still cover.
        /// Where the fixed windows begin is the server's secret, so the worst beginning is assumed.
        case twoFixedWindows
    }

    public var requests: Int
    /// In seconds.
    public var window: Double
    public var counting: Counting

    /// - Precondition: at least one request, in a window above 0.
    public init(_ requests: Int, window: Double = 3600, counting: Counting = .exact) {
        precondition(requests > 0 && window > 0, "\(requests) requests in \(window) s")
        self.requests = requests
        self.window = window
        self.counting = counting
    }
}

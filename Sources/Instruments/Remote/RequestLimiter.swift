/// Lets requests to one endpoint through so that its limit is never passed, in the order in which they
/// came. Owns the account of what was sent.
public actor RequestLimiter {
    /// What has gone through so far.
    public struct Counts: Sendable, Hashable {
        public var requests = 0
        /// Times that the server said no all the same: others share the limit.
        public var refusals = 0
        public var secondsWaited = 0.0
    }

    public private(set) var counts = Counts()
    private var window: RequestWindow
    private let clock: InstrumentClock
    private var isServing = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    public init(_ limit: RequestLimit, clock: InstrumentClock = .continuous) {
        window = RequestWindow(limit)
        self.clock = clock
    }

    /// The limit, as it was given or as the server has corrected it.
    public var limit: RequestLimit { window.limit }

    /// Seconds until the last of `requests` more can be sent, if replies take no time.
    public func forecast(_ requests: Int) -> Double {
        window.forecast(requests, at: clock.now())
    }

    /// Waits for room, and takes it. What it took must be given an end.
    func admit() async throws(InstrumentError) {
        if isServing { await withCheckedContinuation { queue.append($0) } }
        isServing = true
        defer { passOn() }
        while let wait = window.delay(at: clock.now()) {
            counts.secondsWaited += wait
            do {
                try await clock.sleep(wait)
            } catch {
                throw .cancelled
            }
        }
        window.begin()
        counts.requests += 1
    }

    private func passOn() {
        isServing = !queue.isEmpty
        if isServing { queue.removeFirst().resume() }
    }

    /// A reply came, or none will.
    func ended(remaining: Int?) { window.end(at: clock.now(), remaining: remaining) }

    /// The server refused for its limit.
    func refused(limit: Int?) {
        counts.refusals += 1
        window.refused(at: clock.now(), limit: limit)
    }
}

/// A provider's limits on a minute.
public struct RateLimits: Codable, Hashable, Sendable {
    public var requestsPerMinute: Int?
    /// Input and output together.
    public var tokensPerMinute: Int?

    public init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
    }
}

/// Lets requests through so that no span of sixty seconds holds more than the limits, in the order in
/// which they came.
///
/// A sliding log instead of a token bucket: a bucket allows up to twice its limit in one minute.
public actor RateLimiter {
    private struct Entry {
        let id: Int
        let time: ContinuousClock.Instant
        var tokens: Int
    }

    private let limits: RateLimits
    private let now: @Sendable () -> ContinuousClock.Instant
    private let sleep: @Sendable (Duration) async -> Void
    private var log: [Entry] = []
    private var tokens = 0
    private var nextID = 0
    private var isServing = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    static let window = Duration.seconds(60)

    public init(
        _ limits: RateLimits, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        sleep: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        self.limits = limits
        self.now = now
        self.sleep = sleep
    }

    /// Waits for room.
    ///
    /// - Parameter tokens: what the request is expected to take. One that is larger than the limit
    ///   goes alone.
    /// - Returns: a number for ``correct(_:tokens:)``.
    func admit(tokens expected: Int) async -> Int {
        if isServing { await withCheckedContinuation { queue.append($0) } }
        isServing = true
        while let wait = delay(for: expected) { await sleep(wait) }
        let id = nextID
        nextID += 1
        log.append(Entry(id: id, time: now(), tokens: expected))
        tokens += expected
        isServing = false
        if !queue.isEmpty {
            isServing = true
            queue.removeFirst().resume()
        }
        return id
    }

    /// Replaces what was expected by what it was.
    func correct(_ id: Int, tokens actual: Int) {
        guard let index = log.lastIndex(where: { $0.id == id }) else { return }
        tokens += actual - log[index].tokens
        log[index].tokens = actual
    }

    /// How long until there is room; nil when there is.
    private func delay(for expected: Int) -> Duration? {
        let time = now()
        let start = time - Self.window
        while let first = log.first, first.time <= start {
            tokens -= first.tokens
            log.removeFirst()
        }
        guard let first = log.first else { return nil }
        let isFull =
            limits.requestsPerMinute.map { log.count >= $0 } ?? false
            || limits.tokensPerMinute.map { tokens + expected > $0 } ?? false
        return isFull ? first.time + Self.window - time : nil
    }
}

/// Keeps to a provider's limits on a minute.
public struct RateLimitedModel: LanguageModel {
    let base: any LanguageModel
    let limiter: RateLimiter

    public var identity: ModelIdentity { base.identity }
    public var capabilities: ModelCapabilities { base.capabilities }

    public init(_ base: any LanguageModel, limiter: RateLimiter) {
        self.base = base
        self.limiter = limiter
    }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        // Four bytes a token is what English text comes to.
        let expected = request.inputTokenBound / 4 + request.sampling.maximumOutputTokens
        let id = await limiter.admit(tokens: expected)
        let reply = try await base.reply(to: request, for: purpose)
        await limiter.correct(id, tokens: reply.usage.input + reply.usage.output)
        return reply
    }
}

import Logging

/// How often, and after how long, a request that failed in passing is sent again.
///
/// As the official clients of OpenAI and Anthropic do it: 0.5·2ⁿ s up to 8 s, less up to a quarter at
/// random; what the server asks for instead, unless that is too long to wait for.
public struct RetryPolicy: Codable, Hashable, Sendable {
    /// Times that a request is sent at most.
    public var attempts: Int
    /// Seconds before the second attempt; doubled for each further one.
    public var firstDelay: Double
    public var longestDelay: Double
    /// A server that asks for a longer wait than this is not waited for.
    public var longestRetryAfter: Double

    public init(
        attempts: Int = 6, firstDelay: Double = 0.5, longestDelay: Double = 8,
        longestRetryAfter: Double = 120
    ) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.longestRetryAfter = longestRetryAfter
    }

    /// Seconds to wait after attempt number `attempt` (from 1) failed with `error`, or nil when it must
    /// not be repeated.
    ///
    /// - Parameter jitter: from 0 up to 1.
    func delay(after attempt: Int, _ error: ModelError, jitter: Double) -> Double? {
        guard error.isPassing, attempt < attempts else { return nil }
        if let asked = error.retryAfter {
            return asked <= longestRetryAfter ? asked : nil
        }
        var delay = firstDelay
        for _ in 1..<attempt where delay < longestDelay { delay *= 2 }
        return min(delay, longestDelay) * (1 - 0.25 * jitter)
    }
}

/// Sends a request again when that may help, and no more often than the policy says.
public struct RetryingModel: LanguageModel {
    let base: any LanguageModel
    let policy: RetryPolicy
    let logger: Logger
    let sleep: @Sendable (Duration) async throws -> Void
    let jitter: @Sendable () -> Double

    public var identity: ModelIdentity { base.identity }
    public var capabilities: ModelCapabilities { base.capabilities }

    /// - Parameters:
    ///   - sleep: waits; passed in so that tests need no time.
    ///   - jitter: a number from 0 up to 1. It decides when a request is sent, never what comes of it.
    public init(
        _ base: any LanguageModel, policy: RetryPolicy, logger: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        },
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.base = base
        self.policy = policy
        self.logger = logger
        self.sleep = sleep
        self.jitter = jitter
    }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        var attempt = 0
        var sent = 0
        while true {
            attempt += 1
            do throws(ModelError) {
                return try await base.reply(to: request, for: purpose)
            } catch {
                var error = error
                // A layer within may have refused to send it.
                sent += error.attempts
                error.attempts = sent
                guard let delay = policy.delay(after: attempt, error, jitter: jitter()) else {
                    throw error
                }
                logger.info(
                    "asking again",
                    metadata: [
                        "model": "\(identity.name)", "attempt": "\(attempt)",
                        "seconds": "\(delay)", "reason": "\(error.reason)",
                    ])
                do {
                    try await sleep(.seconds(delay))
                } catch {
                    throw ModelError(
                        .cancelled, model: identity.name,
                        reason: "the request was cancelled while waiting to be repeated",
                        attempts: sent)
                }
            }
        }
    }
}

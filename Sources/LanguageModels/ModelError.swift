/// Why there is no reply. A refusal or a reply cut short is no error: see ``Finish``.
public struct ModelError: Error, Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// No connection: the request was surely not processed.
        case unreachable
        /// The connection was lost or timed out after the request may have been processed.
        case lost
        /// The server answered, but not with what its protocol allows: a truncated or garbled reply.
        case garbled
        case rateLimited
        /// The server's own fault: status 408, 409, 500 and above.
        case serverFault
        /// The account has no money left; asking again cannot help.
        case outOfMoney
        case unauthorized
        /// The server understood and will not do it: bad request, unknown model.
        case rejected
        /// A batch ended before the provider came to the request: nothing was billed for it.
        case unprocessed
        /// The request needs something that the backend cannot express.
        case unsupported
        /// A cap of the run's budget would be passed.
        case overBudget
        /// A recording does not hold this request.
        case notRecorded
        /// The reply could not be kept, or what was kept cannot be read.
        case ledger
        case cancelled
    }

    public let kind: Kind
    /// ``ModelIdentity/name``.
    public let model: String
    /// What happened, without a key in it.
    public let reason: String
    /// Seconds that the server asked to wait.
    public var retryAfter: Double?
    /// The server's own word on whether to ask again.
    public var shouldRetry: Bool?
    /// How often the request was sent.
    public var attempts: Int
    /// Whether the provider may have done the work and billed it though no reply came.
    public var mayBeBilled: Bool

    public init(
        _ kind: Kind, model: String, reason: String, retryAfter: Double? = nil,
        shouldRetry: Bool? = nil, attempts: Int = 1
    ) {
        self.kind = kind
        self.model = model
        self.reason = reason
        self.retryAfter = retryAfter
        self.shouldRetry = shouldRetry
        self.attempts = attempts
        mayBeBilled = kind == .lost || kind == .garbled || kind == .cancelled
    }

    /// Whether the same request may succeed later.
    public var isPassing: Bool {
        switch kind {
        case .unreachable, .lost, .garbled, .rateLimited, .serverFault, .unprocessed:
            shouldRetry ?? true
        case .outOfMoney, .unauthorized, .rejected, .unsupported, .overBudget, .notRecorded,
            .ledger,
            .cancelled:
            false
        }
    }
}

extension ModelError: CustomStringConvertible {
    public var description: String {
        let times = attempts > 1 ? " after \(attempts) attempts" : ""
        return "\(model): \(reason)\(times)\(cure)"
    }

    private var cure: String {
        switch kind {
        case .outOfMoney: "; the account needs money"
        case .unauthorized:
            "; set the key in the environment and make sure that it may use the model"
        case .overBudget: "; raise the cap to go on"
        case .notRecorded: "; the recording is of another study, prompt or version"
        case .unreachable, .lost, .garbled, .serverFault, .rateLimited, .unprocessed, .rejected,
            .unsupported, .ledger, .cancelled:
            ""
        }
    }
}

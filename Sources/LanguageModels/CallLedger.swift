import Digests
import JSON

/// Where calls are written down: before they are sent, and with what came of them.
///
/// The contract: what a method has returned from is durable. An attempt that was opened and never
/// closed (the process was killed) is known by that, and counts as if it had cost what was reserved.
public protocol CallLedger: Sendable {
    /// What is known of a request that was answered, in this run or another.
    func recorded(_ key: Digest) async throws -> RecordedReply?
    /// Notes that a request is about to be sent.
    ///
    /// - Returns: a number for ``close(_:of:with:)``.
    func open(_ attempt: CallAttempt) async throws -> Int64
    /// Notes what came of it; a reply is kept in the same transaction.
    func close(_ attempt: Int64, of call: CallAttempt, with result: CallResult) async throws
    /// Notes that a run read a reply, whether it paid for it or an earlier run did.
    func noteUse(of key: Digest, for purpose: CallPurpose) async throws
    /// Keeps a reply that was paid for elsewhere.
    func keep(_ reply: RecordedReply, to key: Digest, request: JSONValue, model: ModelIdentity)
        async throws
}

/// A reply with what it cost when it was given.
public struct RecordedReply: Hashable, Sendable {
    public let reply: ModelReply
    /// Nil where the price was not known.
    public let cost: Money?

    public init(reply: ModelReply, cost: Money?) {
        self.reply = reply
        self.cost = cost
    }
}

/// A request that is about to be sent.
public struct CallAttempt: Hashable, Sendable {
    public let key: Digest
    public let model: ModelIdentity
    public let purpose: CallPurpose
    public let request: JSONValue
    /// What it may cost at most.
    public let reserved: Spending

    public init(
        key: Digest, model: ModelIdentity, purpose: CallPurpose, request: JSONValue,
        reserved: Spending
    ) {
        self.key = key
        self.model = model
        self.purpose = purpose
        self.request = request
        self.reserved = reserved
    }
}

/// What came of an attempt.
public enum CallResult: Hashable, Sendable {
    case answered(ModelReply, spent: Spending, cost: Money?)
    /// `spent` is what the provider may have billed all the same.
    case failed(ModelError.Kind, reason: String, spent: Spending)

    public var spent: Spending {
        switch self {
        case .answered(_, let spent, _), .failed(_, _, let spent): spent
        }
    }
}

extension CallLedger {
    func find(_ key: Digest, model: ModelIdentity) async throws(ModelError) -> RecordedReply? {
        try await model.noted(attempts: 0) { try await recorded(key) }
    }
}

extension ModelIdentity {
    /// Carries out what a ledger is asked; what it throws is a ``ModelError/Kind/ledger`` error.
    func noted<T: Sendable>(
        attempts: Int = 1, _ body: () async throws -> T
    ) async throws(ModelError) -> T {
        do {
            return try await body()
        } catch {
            throw ModelError(.ledger, model: name, reason: "\(error)", attempts: attempts)
        }
    }
}

/// Keeps nothing: for a check or a measurement that is no part of a run.
public struct UnkeptCalls: CallLedger {
    public init() {}

    public func recorded(_ key: Digest) async throws -> RecordedReply? { nil }
    public func open(_ attempt: CallAttempt) async throws -> Int64 { 0 }
    public func close(_ attempt: Int64, of call: CallAttempt, with result: CallResult) async throws
    {
    }
    public func noteUse(of key: Digest, for purpose: CallPurpose) async throws {}
    public func keep(
        _ reply: RecordedReply, to key: Digest, request: JSONValue, model: ModelIdentity
    ) async throws {}
}

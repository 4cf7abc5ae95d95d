import Digests
import Foundation

/// A ledger that also knows which requests were handed in together.
///
/// A batch is paid for when the provider takes it, hours before anything is answered, so what must not
/// be forgotten is that it was handed in. A batch is noted before it is sent, under a name that is made
/// up here (the nonce) and sent along: a process that finds one without the provider's name for it can
/// look for the nonce at the provider. The requests in it are open attempts, so that a run which is
/// broken off counts them as what was reserved.
public protocol BatchLedger: CallLedger {
    /// Notes a batch that is about to be handed in, and an open attempt for each request in it; all
    /// of it or nothing.
    ///
    /// - Returns: the numbers of the attempts, in order.
    func begin(_ batch: BatchDraft) async throws -> [Int64]
    /// Notes what became of a batch.
    func note(_ event: BatchEvent, of nonce: String) async throws
    /// This run's batches with an attempt that is still open at one of these requests. What other runs
    /// have handed in is theirs: their budgets pay for it.
    func openBatches(holding keys: [Digest]) async throws -> [OpenBatch]
    /// Every name that providers have given to batches of this ledger, of whatever run.
    func batchIDs() async throws -> Set<String>
    /// Notes what came of several attempts, with their replies; all of it or nothing.
    func close(_ closings: [CallClosing]) async throws
}

/// Requests that are about to be handed in together.
public struct BatchDraft: Hashable, Sendable {
    public struct Item: Hashable, Sendable {
        /// What the provider calls the request: unique in the batch.
        public let name: String
        public let call: CallAttempt

        public init(name: String, call: CallAttempt) {
            self.name = name
            self.call = call
        }
    }

    public let nonce: String
    public let model: ModelIdentity
    public let begunAt: Date
    public let items: [Item]

    public init(nonce: String, model: ModelIdentity, begunAt: Date, items: [Item]) {
        self.nonce = nonce
        self.model = model
        self.begunAt = begunAt
        self.items = items
    }
}

/// What can become of a batch.
public enum BatchEvent: Hashable, Sendable {
    /// The provider took it, and calls it this.
    case submitted(id: String)
    /// The provider surely did not take it. Its attempts are closed without any spending.
    case unsent(ModelError.Kind, reason: String)
    /// Whether the provider took it cannot be found out: its attempts stay what was reserved for them.
    case lost(reason: String)
    /// Results were read. It is done with once none of its attempts is open.
    case collected
}

/// A batch with requests that nothing is known of yet.
public struct OpenBatch: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        /// About to be handed in when it was last heard of.
        case submitting
        case submitted(id: String)
        case lost(reason: String)
    }

    /// An attempt that is open.
    public struct Item: Hashable, Sendable {
        public let name: String
        public let key: Digest
        public let attempt: Int64
        public let reserved: Spending

        public init(name: String, key: Digest, attempt: Int64, reserved: Spending) {
            self.name = name
            self.key = key
            self.attempt = attempt
            self.reserved = reserved
        }
    }

    public let nonce: String
    public let state: State
    public let begunAt: Date
    /// Requests that were handed in, those that have been answered included.
    public let size: Int
    /// Those of the requests asked about that are open.
    public let items: [Item]

    public init(nonce: String, state: State, begunAt: Date, size: Int, items: [Item]) {
        self.nonce = nonce
        self.state = state
        self.begunAt = begunAt
        self.size = size
        self.items = items
    }
}

/// What came of an attempt, for ``BatchLedger/close(_:)``.
public struct CallClosing: Hashable, Sendable {
    public let attempt: Int64
    public let call: CallAttempt
    public let result: CallResult

    public init(attempt: Int64, call: CallAttempt, result: CallResult) {
        self.attempt = attempt
        self.call = call
        self.result = result
    }
}

import Digests
import Foundation
import JSON
import Logging

/// Asks a model many things at once through its provider's batches: within a day, at half the price.
///
/// Nothing is paid twice. What the ledger holds is not asked; what is in a batch that was handed in
/// before, by this process or one that is gone, is waited for; only the rest is handed in. Whatever a
/// call throws, what it handed in stays there, and the same call made again goes on with it.
///
/// A batch whose submission was not answered is looked for at the provider before anything else is
/// done about its requests. OpenAI tells at once, by a mark in the batch's metadata. Anthropic has no
/// place for a mark, so that each batch of the same size that was begun since, and is not known to be
/// another, is waited for until the names of its results tell. Only when no batch can be it are the
/// requests handed in again. Where that cannot be found out, each request fails once with
/// ``ModelError/Kind/lost``, what was reserved for it counts as spent, and the error says that to ask
/// again may pay again: an unanswered question is left to the caller, and no money is spent on a guess.
public struct BatchModel: Sendable {
    public let identity: ModelIdentity
    let api: any BatchAPI
    let wire: any WireFormat
    let ledger: any BatchLedger
    let budget: Budget
    /// Of a batch: half of what it is otherwise.
    let price: Price?
    let claims: KeyClaims
    let pace: BatchPace
    let logger: Logger

    /// What a batch costs, of the usual price.
    static let discount = 0.5

    /// The replies to requests, in their order.
    ///
    /// A request that fails for itself is a failure in its place: refused by the provider, not processed
    /// within the day, missing from the results, or refused here because it would pass a cap.
    ///
    /// - Throws: a ``ModelError`` where the call cannot go on: it was cancelled, the ledger cannot be
    ///   written, or the provider cannot be asked how a batch stands. What was answered by then is in the
    ///   ledger.
    public func replies(
        to requests: [ModelRequest], for purpose: CallPurpose
    ) async throws(ModelError) -> [Result<ModelReply, ModelError>] {
        let keys = requests.map { $0.key(of: identity) }
        var questions: [BatchCall.Question] = []
        var seen: Set<Digest> = []
        for (key, request) in zip(keys, requests) where seen.insert(key).inserted {
            questions.append(BatchCall.Question(key: key, request: request))
        }
        await claims.claim(seen)
        let outcomes: [Digest: Result<ModelReply, ModelError>]
        do throws(ModelError) {
            var call = BatchCall(model: self, purpose: purpose, questions: questions)
            outcomes = try await call.run()
        } catch {
            await claims.release(seen)
            throw error
        }
        await claims.release(seen)
        return keys.map { key in
            outcomes[key]
                ?? .failure(ModelError(.lost, model: identity.name, reason: "nothing came of it"))
        }
    }

    func pause(_ duration: Duration) async throws(ModelError) {
        do {
            try await pace.sleep(duration)
        } catch {
            throw ModelError(
                .cancelled, model: identity.name,
                reason: "waiting for a batch was cancelled; what was handed in is still there")
        }
    }
}

/// When a provider is asked how a batch stands, and what else a batch takes from outside.
public struct BatchPace: Sendable {
    /// Seconds before the first question; each wait is half as long again as the one before.
    public var firstWait = 5.0
    public var longestWait = 60.0
    /// How often a batch whose submission was not answered is looked for in vain before it counts as
    /// not handed in: a provider may still be busy with a submission that we gave up.
    public var looks = 8
    /// Questions in a row that may fail in passing, each with its retries, before the call gives up.
    public var failures = 10
    /// Results that are kept in one transaction.
    public var resultsAtOnce = 64
    public var sleep: @Sendable (Duration) async throws -> Void
    public var now: @Sendable () -> Date
    /// A new name for a batch: letters and digits that were never used before.
    public var nonce: @Sendable () -> String

    public init(
        sleep: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        },
        now: @escaping @Sendable () -> Date = { Date() },
        nonce: @escaping @Sendable () -> String = {
            String(format: "%016lx", UInt64.random(in: 0...UInt64.max))
        }
    ) {
        self.sleep = sleep
        self.now = now
        self.nonce = nonce
    }

    /// Seconds before question number `index`, from 0.
    func wait(_ index: Int) -> Duration {
        var seconds = firstWait
        for _ in 0..<index where seconds < longestWait { seconds *= 1.5 }
        return .seconds(min(seconds, longestWait))
    }
}

/// What a request is called in a batch: the head of its key, and the batch's nonce.
enum BatchItemName {
    static func make(_ key: Digest, nonce: String) -> String { "\(key.hex.prefix(24))-\(nonce)" }

    static func nonce(in name: String) -> String {
        name.split(separator: "-", maxSplits: 1).last.map(String.init) ?? ""
    }
}

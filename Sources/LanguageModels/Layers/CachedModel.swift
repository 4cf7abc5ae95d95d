import Digests

/// Answers from the ledger what was answered before, and lets callers that ask the same thing at the
/// same time share one call.
public struct CachedModel: LanguageModel {
    let base: any LanguageModel
    let ledger: any CallLedger
    private let inFlight = CallsInFlight()

    public var identity: ModelIdentity { base.identity }
    public var capabilities: ModelCapabilities { base.capabilities }

    public init(_ base: any LanguageModel, ledger: any CallLedger) {
        self.base = base
        self.ledger = ledger
    }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        let key = request.key(of: identity)
        let result = await inFlight.result(of: key) { [base, ledger, identity] in
            do throws(ModelError) {
                if let known = try await ledger.find(key, model: identity) {
                    return .success(known.reply)
                }
                return .success(try await base.reply(to: request, for: purpose))
            } catch {
                return .failure(error)
            }
        }
        let reply = try result.get()
        try await identity.noted { try await ledger.noteUse(of: key, for: purpose) }
        return reply
    }
}

/// One task for each request that is under way.
private actor CallsInFlight {
    typealias Outcome = Result<ModelReply, ModelError>

    private var tasks: [Digest: Task<Outcome, Never>] = [:]

    /// The task is not a child of its caller: a call that is being paid for is not broken off because
    /// one of those who wait for it has gone.
    func result(
        of key: Digest, _ call: @escaping @Sendable () async -> Outcome
    ) async -> Outcome {
        if let task = tasks[key] { return await task.value }
        let task = Task { await call() }
        tasks[key] = task
        let outcome = await task.value
        tasks[key] = nil
        return outcome
    }
}

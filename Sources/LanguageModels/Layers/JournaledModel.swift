import Digests

/// Writes every call down before it is sent, and what came of it before anybody reads it.
public struct JournaledModel: LanguageModel {
    let base: any LanguageModel
    let ledger: any CallLedger
    let price: Price?

    public var identity: ModelIdentity { base.identity }
    public var capabilities: ModelCapabilities { base.capabilities }

    public init(_ base: any LanguageModel, ledger: any CallLedger, price: Price?) {
        self.base = base
        self.ledger = ledger
        self.price = price
    }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        let most = Spending(mostOf: request, price: price)
        let call = CallAttempt(
            key: request.key(of: identity), model: identity, purpose: purpose,
            request: request.json, reserved: most)
        let attempt = try await identity.noted { try await ledger.open(call) }
        let result: CallResult
        let outcome: Result<ModelReply, ModelError>
        do throws(ModelError) {
            let reply = try await base.reply(to: request, for: purpose)
            result = .answered(
                reply, spent: Spending(reply.usage, price: price),
                cost: price?.cost(of: reply.usage))
            outcome = .success(reply)
        } catch {
            result = .failed(
                error.kind, reason: error.reason, spent: Spending(failed: error, most: most))
            outcome = .failure(error)
        }
        try await identity.noted { try await ledger.close(attempt, of: call, with: result) }
        let reply = try outcome.get()
        // Another process may have asked the same meanwhile: the first reply kept is the one that
        // everybody reads, so that a run can be checked against the memory.
        return try await identity.noted { try await ledger.recorded(call.key)?.reply } ?? reply
    }
}

import Digests

/// A model that only knows what a ledger holds: for checking a run, and for doing it again without a
/// connection. It never waits and opens nothing.
public struct RecordedModel: LanguageModel {
    public let identity: ModelIdentity
    /// Whatever the recorded model could do is in the recording.
    public let capabilities = ModelCapabilities(
        schema: true, tools: true, logProbabilities: true, seed: true, batch: false,
        promptCaching: false)
    let ledger: any CallLedger
    let copy: (any CallLedger)?

    /// - Parameters:
    ///   - identity: of the model that was recorded; requests are looked up under it.
    ///   - copy: where what is read is kept too, with what it cost. It must hold no other replies.
    public init(
        identity: ModelIdentity, ledger: any CallLedger, copyingTo copy: (any CallLedger)? = nil
    ) {
        self.copy = copy
        self.identity = identity
        self.ledger = ledger
    }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        let key = request.key(of: identity)
        guard let recorded = try await ledger.find(key, model: identity) else {
            throw ModelError(
                .notRecorded, model: identity.name,
                reason:
                    "request \(key.hex.prefix(16)) (\(purpose.role), \(purpose.inquiry)) is not "
                    + "in the recording", attempts: 0)
        }
        if let copy { try await keep(recorded, key, request, purpose, in: copy) }
        return recorded.reply
    }

    private func keep(
        _ recorded: RecordedReply, _ key: Digest, _ request: ModelRequest, _ purpose: CallPurpose,
        in copy: any CallLedger
    ) async throws(ModelError) {
        try await identity.noted(attempts: 0) {
            try await copy.keep(recorded, to: key, request: request.json, model: identity)
            try await copy.noteUse(of: key, for: purpose)
        }
        guard try await copy.find(key, model: identity)?.reply == recorded.reply else {
            throw ModelError(
                .ledger, model: identity.name,
                reason: "the memory holds another reply to request \(key.hex.prefix(16)) than the "
                    + "recording; replay into another --memory", attempts: 0)
        }
    }
}

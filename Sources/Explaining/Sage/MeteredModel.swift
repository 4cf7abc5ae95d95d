import LanguageModels
import Synchronization

/// Adds up what the replies that were read used, whoever paid for them: one yardstick for loops that are
/// compared.
public final class MeteredModel: LanguageModel {
    private let base: any LanguageModel
    private let spent = Mutex(Spending())

    public var identity: ModelIdentity { base.identity }
    public var capabilities: ModelCapabilities { base.capabilities }

    public init(_ base: any LanguageModel) { self.base = base }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        let reply = try await base.reply(to: request, for: purpose)
        let used = Spending(
            calls: 1, inputTokens: reply.usage.input, outputTokens: reply.usage.output)
        spent.withLock { $0 = $0 + used }
        return reply
    }

    public var total: Spending { spent.withLock { $0 } }
}

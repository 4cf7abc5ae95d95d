/// Holds every call to a budget. See ``Budget``.
public struct BudgetedModel: LanguageModel {
    let base: any LanguageModel
    let budget: Budget
    let price: Price?

    public var identity: ModelIdentity { base.identity }
    public var capabilities: ModelCapabilities { base.capabilities }

    public init(_ base: any LanguageModel, budget: Budget, price: Price?) {
        self.base = base
        self.budget = budget
        self.price = price
    }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        let most = Spending(mostOf: request, price: price)
        do throws(Budget.Refusal) {
            try await budget.reserve(most)
        } catch {
            throw ModelError(
                error.isStop ? .cancelled : .overBudget, model: identity.name, reason: error.reason,
                attempts: 0)
        }
        do throws(ModelError) {
            let reply = try await base.reply(to: request, for: purpose)
            await budget.settle(most, for: Spending(reply.usage, price: price))
            return reply
        } catch {
            await budget.settle(most, for: Spending(failed: error, most: most))
            throw error
        }
    }
}

extension Spending {
    /// The most that one call may use up.
    init(mostOf request: ModelRequest, price: Price?) {
        let input = request.inputTokenBound
        let output = request.sampling.maximumOutputTokens
        self.init(
            calls: 1, inputTokens: input, outputTokens: output,
            money: price?.bound(input: input, output: output) ?? .zero)
    }

    init(_ usage: TokenUsage, price: Price?) {
        self.init(
            calls: 1, inputTokens: usage.input, outputTokens: usage.output,
            money: price?.cost(of: usage) ?? .zero)
    }

    /// A call without a reply: where the provider may have billed it, what was reserved.
    init(failed error: ModelError, most: Spending) {
        switch error.kind {
        case .overBudget, .notRecorded, .unsupported: self.init()
        default: self = error.mayBeBilled ? most : Spending(calls: 1)
        }
    }
}

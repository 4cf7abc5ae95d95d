import Digests
import JSON

/// One call of ``BatchModel/replies(to:for:)`` from its beginning to its end.
///
/// In order: what the ledger holds; batches from before that hold some of the requests; a new batch for
/// the rest; then the results of all of them. New requests are handed in before any batch is waited for.
struct BatchCall {
    struct Question {
        let key: Digest
        let request: ModelRequest
    }

    /// A request in a batch.
    struct Item {
        let question: Question
        let call: CallAttempt
        let name: String
        let attempt: Int64
        /// The budget has the reservation among what is spent, since an earlier call or process.
        let isCounted: Bool
    }

    /// A batch that the provider has, with the requests in it that are this call's.
    struct Ticket {
        let nonce: String
        let id: String
        let items: [Item]
    }

    /// A reservation that this call made.
    struct Hold {
        let most: Spending
        /// An open attempt stands for it in the ledger.
        var isNoted = false
    }

    let model: BatchModel
    let purpose: CallPurpose
    let questions: [Question]
    var outcomes: [Digest: Result<ModelReply, ModelError>] = [:]
    var holds: [Digest: Hold] = [:]

    init(model: BatchModel, purpose: CallPurpose, questions: [Question]) {
        self.model = model
        self.purpose = purpose
        self.questions = questions
    }

    mutating func run() async throws(ModelError) -> [Digest: Result<ModelReply, ModelError>] {
        do throws(ModelError) {
            try await readLedger()
            let earlier = try await takeUp()
            let taken = Set(earlier.flatMap { $0.items.map(\.question.key) })
            let new = try await handIn(unanswered.filter { !taken.contains($0.key) })
            for ticket in earlier + new { try await collect(ticket) }
            try await noteUses()
            return outcomes
        } catch {
            await letGo()
            throw error
        }
    }

    var unanswered: [Question] { questions.filter { outcomes[$0.key] == nil } }

    private mutating func readLedger() async throws(ModelError) {
        for question in questions {
            if let known = try await model.ledger.find(question.key, model: model.identity) {
                outcomes[question.key] = .success(known.reply)
            }
        }
    }

    private func noteUses() async throws(ModelError) {
        for question in questions {
            guard case .success? = outcomes[question.key] else { continue }
            try await model.identity.noted {
                try await model.ledger.noteUse(of: question.key, for: purpose)
            }
        }
    }

    /// Settles what the call leaves behind as the ledger has it: an open attempt counts as what was
    /// reserved for it, and what was never noted was never sent.
    private mutating func letGo() async {
        for hold in holds.values {
            await model.budget.settle(hold.most, for: hold.isNoted ? hold.most : Spending())
        }
        holds = [:]
    }

    // MARK: What becomes of a request

    /// Notes what came of requests: in the ledger, then in the budget.
    mutating func close(
        _ results: [(item: Item, result: CallResult, outcome: Result<ModelReply, ModelError>)]
    ) async throws(ModelError) {
        guard !results.isEmpty else { return }
        let closings = results.map {
            CallClosing(attempt: $0.item.attempt, call: $0.item.call, result: $0.result)
        }
        try await model.identity.noted { try await model.ledger.close(closings) }
        for (item, result, outcome) in results {
            await settle(item, for: result.spent)
            outcomes[item.question.key] = try await standing(outcome, item.question.key)
        }
    }

    /// The reply that is kept: the first one, should another process have asked the same meanwhile.
    private func standing(
        _ outcome: Result<ModelReply, ModelError>, _ key: Digest
    ) async throws(ModelError) -> Result<ModelReply, ModelError> {
        guard case .success(let reply) = outcome else { return outcome }
        let kept = try await model.ledger.find(key, model: model.identity)
        return .success(kept?.reply ?? reply)
    }

    mutating func settle(_ item: Item, for spent: Spending) async {
        if item.isCounted {
            await model.budget.correct(item.call.reserved, to: spent)
        } else if let hold = holds.removeValue(forKey: item.question.key) {
            await model.budget.settle(hold.most, for: spent)
        }
    }

    mutating func fail(
        _ items: [Item], _ error: ModelError, spent: (Item) -> Spending
    ) async throws(ModelError) {
        try await close(
            items.map {
                ($0, .failed(error.kind, reason: error.reason, spent: spent($0)), .failure(error))
            })
    }
}

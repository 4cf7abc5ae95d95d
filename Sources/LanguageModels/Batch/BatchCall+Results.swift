import Digests
import JSON

extension BatchCall {
    /// Waits until a batch has ended, and notes what came of each request in it.
    mutating func collect(_ ticket: Ticket) async throws(ModelError) {
        switch try await end(of: ticket) {
        case .inProgress: return
        case .failed(let reason):
            let error = ModelError(
                .rejected, model: model.identity.name,
                reason: "the provider would not begin with batch \(ticket.id): \(reason)")
            try await fail(ticket.items, error) { _ in Spending() }
        case .ended(let files):
            let flaws = try await read(files, of: ticket)
            try await fail(missing(from: ticket), lost(ticket, flaws)) { $0.call.reserved }
        case .expired(let files):
            try await finish(ticket, files, "expired")
        case .cancelled(let files):
            try await finish(ticket, files, "was cancelled at the provider")
        }
        try await note(.collected, ticket.nonce)
    }

    /// Of a batch that did not come to its end, what has no result was not begun, so it is not billed;
    /// unless there is a line among the results that could not be read.
    private mutating func finish(
        _ ticket: Ticket, _ files: [String], _ word: String
    ) async throws(ModelError) {
        let flaws = try await read(files, of: ticket)
        guard flaws == 0 else {
            return try await fail(missing(from: ticket), lost(ticket, flaws)) { $0.call.reserved }
        }
        let error = ModelError(
            .unprocessed, model: model.identity.name,
            reason: "batch \(ticket.id) \(word) before the provider came to it")
        try await fail(missing(from: ticket), error) { _ in Spending(calls: 1) }
    }

    private func lost(_ ticket: Ticket, _ flaws: Int) -> ModelError {
        let lines = flaws == 0 ? "" : "; \(flaws) lines of them were too long or no JSON"
        return ModelError(
            flaws == 0 ? .lost : .garbled, model: model.identity.name,
            reason: "the results of batch \(ticket.id) lack it\(lines); what it may have cost is "
                + "counted as spent")
    }

    private func missing(from ticket: Ticket) -> [Item] {
        ticket.items.filter { outcomes[$0.question.key] == nil }
    }

    /// Asks until the batch has ended. A day is long, so that a few questions in a row may fail.
    private func end(of ticket: Ticket) async throws(ModelError) -> BatchStatus {
        var asked = 0
        var failures = 0
        while true {
            try await model.pause(model.pace.wait(asked))
            asked += 1
            do throws(ModelError) {
                let status = try await model.api.status(of: ticket.id)
                failures = 0
                guard case .inProgress(let counts) = status else { return status }
                model.logger.debug(
                    "a batch is in progress",
                    metadata: ["batch": "\(ticket.id)", "done": "\(counts.done)/\(counts.all)"])
            } catch {
                failures += 1
                guard error.isPassing, failures <= model.pace.failures else {
                    throw ModelError(
                        error.kind, model: model.identity.name,
                        reason: "batch \(ticket.id) is left as it is: \(error.reason)",
                        retryAfter: error.retryAfter, shouldRetry: error.shouldRetry,
                        attempts: error.attempts)
                }
            }
        }
    }

    /// - Returns: lines that could not be read.
    private mutating func read(
        _ files: [String], of ticket: Ticket
    ) async throws(ModelError) -> Int {
        var open = Dictionary(
            ticket.items.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var found: [(item: Item, result: CallResult, outcome: Result<ModelReply, ModelError>)] = []
        let flaws = try await model.api.results(files) { result throws(ModelError) in
            // A name that is not asked for is of another call, or came twice.
            guard let item = open.removeValue(forKey: result.name) else { return }
            found.append(judge(result, item))
            if found.count >= model.pace.resultsAtOnce {
                try await close(found)
                found = []
            }
        }
        try await close(found)
        return flaws
    }

    private func judge(
        _ result: BatchResult, _ item: Item
    ) -> (item: Item, result: CallResult, outcome: Result<ModelReply, ModelError>) {
        let error: ModelError
        switch result.outcome {
        case .failed(let failure): error = failure
        case .reply(let body):
            do throws(WireFlaw) {
                let reply = try model.wire.reply(from: body, to: item.question.request)
                let spent = Spending(reply.usage, price: model.price)
                let cost = model.price?.cost(of: reply.usage)
                return (item, .answered(reply, spent: spent, cost: cost), .success(reply))
            } catch {
                return judge(
                    BatchResult(
                        name: result.name,
                        outcome: .failed(
                            ModelError(
                                .garbled, model: model.identity.name, reason: error.reason))),
                    item)
            }
        }
        let spent = Spending(failed: error, most: item.call.reserved)
        return (item, .failed(error.kind, reason: error.reason, spent: spent), .failure(error))
    }
}

import Digests
import Foundation
import JSON

extension BatchCall {
    /// A request that is ready to be handed in.
    private struct Prepared {
        let question: Question
        let body: [UInt8]
        let most: Spending
    }

    private enum Recovery {
        case found(id: String)
        case absent
        /// It cannot be found out; the requests have failed.
        case givenUp
    }

    // MARK: What was handed in before

    /// Finds the batches that hold some of the requests.
    mutating func takeUp() async throws(ModelError) -> [Ticket] {
        let keys = unanswered.map(\.key)
        guard !keys.isEmpty else { return [] }
        let batches = try await model.identity.noted {
            try await model.ledger.openBatches(holding: keys)
        }
        var tickets: [Ticket] = []
        for batch in batches {
            let items = items(of: batch)
            guard !items.isEmpty else { continue }
            switch batch.state {
            case .submitted(let id):
                tickets.append(Ticket(nonce: batch.nonce, id: id, items: items))
            case .lost(let reason): try await giveUp(items, reason)
            case .submitting:
                if let ticket = try await takeUp(unanswered: batch, items) {
                    tickets.append(ticket)
                }
            }
        }
        return tickets
    }

    /// Finds out about a batch that the process which noted it did not hear of again.
    private mutating func takeUp(
        unanswered batch: OpenBatch, _ items: [Item]
    ) async throws(ModelError) -> Ticket? {
        switch try await recover(batch.nonce, size: batch.size, begunAt: batch.begunAt, items) {
        case .found(let id): return Ticket(nonce: batch.nonce, id: id, items: items)
        case .givenUp: return nil
        case .absent:
            let reason = "the process ended before the batch was handed in"
            try await note(.unsent(.unreachable, reason: reason), batch.nonce)
            for item in items { await settle(item, for: Spending()) }
            return nil
        }
    }

    private func items(of batch: OpenBatch) -> [Item] {
        let open = Dictionary(
            unanswered.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        return batch.items.compactMap { item in
            open[item.key].map { question in
                Item(
                    question: question,
                    call: CallAttempt(
                        key: item.key, model: model.identity, purpose: purpose,
                        request: question.request.json, reserved: item.reserved),
                    name: item.name, attempt: item.attempt, isCounted: true)
            }
        }
    }

    /// Looks for a batch whose submission was not answered.
    private mutating func recover(
        _ nonce: String, size: Int, begunAt: Date, _ items: [Item]
    ) async throws(ModelError) -> Recovery {
        let wanted = BatchWanted(
            nonce: nonce, size: size, begunAt: begunAt,
            known: try await model.identity.noted { try await model.ledger.batchIDs() })
        // What was handed in an hour ago is there by now, or never will be.
        let isOld = model.pace.now().timeIntervalSince(begunAt) > 3_600
        var looks = isOld ? 1 : model.pace.looks
        var waits = 0
        while true {
            switch try await model.api.search(for: wanted) {
            case .found(let id):
                model.logger.info("found a batch again", metadata: ["batch": "\(id)"])
                try await note(.submitted(id: id), nonce)
                return .found(id: id)
            case .undecidable(let reason):
                try await note(.lost(reason: reason), nonce)
                try await giveUp(items, reason)
                return .givenUp
            case .absent:
                looks -= 1
                if looks <= 0 { return .absent }
            case .notYetKnown: break
            }
            try await model.pause(model.pace.wait(waits))
            waits += 1
        }
    }

    private mutating func giveUp(_ items: [Item], _ reason: String) async throws(ModelError) {
        let error = ModelError(
            .lost, model: model.identity.name,
            reason: "whether its batch was handed in cannot be found out (\(reason)); what it may "
                + "have cost is counted as spent, and asking again may pay for it again")
        try await fail(items, error) { $0.call.reserved }
    }

    // MARK: What is handed in now

    /// Hands in what has no reply and no batch yet.
    mutating func handIn(_ questions: [Question]) async throws(ModelError) -> [Ticket] {
        let admitted = await reserve(prepare(questions))
        var tickets: [Ticket] = []
        for group in divide(admitted) {
            if let ticket = try await submit(group) { tickets.append(ticket) }
        }
        return tickets
    }

    private mutating func prepare(_ questions: [Question]) -> [Prepared] {
        var result: [Prepared] = []
        for question in questions {
            do throws(WireFlaw) {
                let body = try model.wire.body(
                    of: question.request, model: model.identity.model, streams: false
                ).utf8
                guard size(body, question.key) <= model.api.limits.bytes else {
                    throw .request("it is larger than a batch may be")
                }
                result.append(
                    Prepared(
                        question: question, body: body,
                        most: Spending(mostOf: question.request, price: model.price)))
            } catch {
                outcomes[question.key] = .failure(
                    ModelError(
                        .unsupported, model: model.identity.name, reason: error.reason,
                        attempts: 0))
            }
        }
        return result
    }

    private func size(_ body: [UInt8], _ key: Digest) -> Int {
        model.api.frame(BatchItemName.make(key, nonce: String(repeating: "0", count: 32)), []).count
            + body.count + 1
    }

    /// Reserves for all of them at once. A batch may take a day, so that nothing waits for another
    /// to settle: what does not fit now is refused.
    private mutating func reserve(_ all: [Prepared]) async -> [Prepared] {
        let refusals = await model.budget.reserveWhatFits(all.map(\.most))
        var admitted: [Prepared] = []
        for (prepared, refusal) in zip(all, refusals) {
            if let refusal {
                outcomes[prepared.question.key] = .failure(
                    ModelError(
                        .overBudget, model: model.identity.name, reason: refusal.reason,
                        attempts: 0))
            } else {
                holds[prepared.question.key] = Hold(most: prepared.most)
                admitted.append(prepared)
            }
        }
        return admitted
    }

    private func divide(_ all: [Prepared]) -> [[Prepared]] {
        var groups: [[Prepared]] = []
        var bytes = 0
        for prepared in all {
            let size = size(prepared.body, prepared.question.key)
            let limits = model.api.limits
            if let last = groups.indices.last, groups[last].count < limits.requests,
                bytes + size <= limits.bytes
            {
                groups[last].append(prepared)
                bytes += size
            } else {
                groups.append([prepared])
                bytes = size
            }
        }
        return groups
    }

    /// Notes a batch, then hands it in.
    ///
    /// - Returns: nil when it was not taken; its requests have failed then.
    private mutating func submit(_ group: [Prepared]) async throws(ModelError) -> Ticket? {
        let draft = BatchDraft(
            nonce: model.pace.nonce(), model: model.identity, begunAt: model.pace.now(), items: [])
        let items = try await begin(group, draft)
        let lines = zip(items, group).map { model.api.frame($0.name, $1.body) }
        guard let id = try await submit(lines, draft, items) else { return nil }
        model.logger.info(
            "handed in a batch", metadata: ["batch": "\(id)", "requests": "\(items.count)"])
        return Ticket(nonce: draft.nonce, id: id, items: items)
    }

    private mutating func begin(
        _ group: [Prepared], _ draft: BatchDraft
    ) async throws(ModelError) -> [Item] {
        let calls = group.map { prepared in
            BatchDraft.Item(
                name: BatchItemName.make(prepared.question.key, nonce: draft.nonce),
                call: CallAttempt(
                    key: prepared.question.key, model: model.identity, purpose: purpose,
                    request: prepared.question.request.json, reserved: prepared.most))
        }
        // Before it is tried: of a transaction that fails it is not sure whether it was written, and
        // money is rather counted that was not spent than the other way round.
        for prepared in group { holds[prepared.question.key]?.isNoted = true }
        let attempts = try await model.identity.noted {
            try await model.ledger.begin(
                BatchDraft(
                    nonce: draft.nonce, model: draft.model, begunAt: draft.begunAt, items: calls))
        }
        return zip(zip(group, calls), attempts).map { pair, attempt in
            Item(
                question: pair.0.question, call: pair.1.call, name: pair.1.name, attempt: attempt,
                isCounted: false)
        }
    }

    /// Hands in what was noted. When no answer comes, the batch is looked for, and handed in again only
    /// when the provider surely does not have it.
    private mutating func submit(
        _ lines: [[UInt8]], _ draft: BatchDraft, _ items: [Item]
    ) async throws(ModelError) -> String? {
        var attempt = 0
        while true {
            attempt += 1
            let failure: ModelError
            do throws(ModelError) {
                let id = try await model.api.submit(lines, nonce: draft.nonce)
                try await note(.submitted(id: id), draft.nonce)
                return id
            } catch {
                failure = error
            }
            if failure.kind == .cancelled || failure.kind == .ledger { throw failure }
            if !failure.isSurelyUndone {
                switch try await recover(
                    draft.nonce, size: items.count, begunAt: draft.begunAt, items)
                {
                case .found(let id): return id
                case .givenUp: return nil
                case .absent where attempt < 3: continue
                case .absent: break
                }
            }
            try await note(.unsent(failure.kind, reason: failure.reason), draft.nonce)
            for item in items {
                await settle(item, for: Spending())
                outcomes[item.question.key] = .failure(failure)
            }
            return nil
        }
    }

    func note(_ event: BatchEvent, _ nonce: String) async throws(ModelError) {
        try await model.identity.noted { try await model.ledger.note(event, of: nonce) }
    }
}

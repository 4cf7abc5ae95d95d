import Digests
import Foundation
import LanguageModels
import Memory

extension StoredCalls: BatchLedger {
    public func begin(_ batch: BatchDraft) async throws -> [Int64] {
        try await store.beginBatch(
            nonce: batch.nonce, run: run, model: batch.model.name, begunAt: batch.begunAt,
            items: batch.items.map { item in
                NewBatchItem(
                    name: item.name, inquiry: item.call.purpose.inquiry,
                    role: item.call.purpose.role, key: Data(item.call.key.bytes),
                    reserved: CallCounts(item.call.reserved))
            })
    }

    public func note(_ event: BatchEvent, of nonce: String) async throws {
        switch event {
        case .submitted(let id): try await store.batchSubmitted(nonce, id: id)
        case .unsent(let kind, let reason):
            try await store.batchUnsent(nonce, failure: kind.rawValue, reason: reason)
        case .lost(let reason): try await store.batchLost(nonce, reason: reason)
        case .collected: try await store.batchCollected(nonce)
        }
    }

    public func openBatches(holding keys: [Digest]) async throws -> [OpenBatch] {
        let names = Dictionary(
            keys.map { (Data($0.bytes), $0) }, uniquingKeysWith: { first, _ in first })
        let found = try await store.openBatches(run: run, keys: Array(names.keys))
        return found.map { batch, size, items in
            OpenBatch(
                nonce: batch.nonce, state: OpenBatch.State(batch), begunAt: batch.begunAt,
                size: size,
                items: items.compactMap { item in
                    names[item.key].map {
                        OpenBatch.Item(
                            name: item.name, key: $0, attempt: item.attempt,
                            reserved: Spending(item.reserved))
                    }
                })
        }
    }

    public func batchIDs() async throws -> Set<String> { try await store.modelBatchIDs() }

    public func close(_ closings: [CallClosing]) async throws {
        try await store.close(closings.map(Self.closed))
    }

    private static func closed(_ closing: CallClosing) -> ClosedAttempt {
        let result: ClosedAttempt.Result =
            switch closing.result {
            case .answered(let reply, _, let cost):
                .answered(
                    ModelReplyRow(
                        key: Data(closing.call.key.bytes), model: closing.call.model.name,
                        request: closing.call.request.text, reply: reply.json.text,
                        cost: cost?.nanodollars))
            case .failed(let kind, let reason, _): .failed(kind.rawValue, reason: reason)
            }
        return ClosedAttempt(
            id: closing.attempt, spent: CallCounts(closing.result.spent), result: result)
    }
}

extension OpenBatch.State {
    /// A batch that is done with has no open attempts; should one be found with some, what was paid for
    /// them is as unknown as that of a lost one.
    fileprivate init(_ row: ModelBatchRow) {
        switch (row.state, row.id) {
        case (.submitting, _): self = .submitting
        case (.submitted, let id?): self = .submitted(id: id)
        default: self = .lost(reason: row.reason ?? "the journal does not say what became of it")
        }
    }
}

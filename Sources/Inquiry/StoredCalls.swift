import Digests
import Foundation
import JSON
import LanguageModels
import Memory

/// The ledger of one run's model calls, in the memory.
public struct StoredCalls: CallLedger {
    let store: Store
    let run: String

    public init(store: Store, run: String) {
        self.store = store
        self.run = run
    }

    public func recorded(_ key: Digest) async throws -> RecordedReply? {
        guard let row = try await store.modelReply(key: Data(key.bytes)) else { return nil }
        return try Self.read(row, path: store.path)
    }

    static func read(_ row: ModelReplyRow, path: String) throws -> RecordedReply {
        guard let json = try? JSONValue(parsing: row.reply), let reply = ModelReply(json: json)
        else {
            throw MemoryError.failed(path: path, reason: "a stored model reply is damaged")
        }
        return RecordedReply(reply: reply, cost: row.cost.map(Money.init(nanodollars:)))
    }

    public func open(_ attempt: CallAttempt) async throws -> Int64 {
        try await store.openAttempt(
            run: run, inquiry: attempt.purpose.inquiry, role: attempt.purpose.role,
            key: Data(attempt.key.bytes), model: attempt.model.name,
            reserved: CallCounts(attempt.reserved))
    }

    public func close(_ attempt: Int64, of call: CallAttempt, with result: CallResult) async throws
    {
        try await close([CallClosing(attempt: attempt, call: call, result: result)])
    }

    public func noteUse(of key: Digest, for purpose: CallPurpose) async throws {
        try await store.noteModelUse(
            run: run, inquiry: purpose.inquiry, role: purpose.role, key: Data(key.bytes))
    }

    public func keep(
        _ reply: RecordedReply, to key: Digest, request: JSONValue, model: ModelIdentity
    ) async throws {
        try await store.keep(
            ModelReplyRow(
                key: Data(key.bytes), model: model.name, request: request.text,
                reply: reply.reply.json.text, cost: reply.cost?.nanodollars))
    }

    /// What the run has used up so far, in this process and earlier ones.
    public func spent() async throws -> Spending {
        try await store.attempts(of: run).reduce(Spending()) { $0 + Spending($1.spent) }
    }
}

/// What one role of a run's language model came to: from the replies that the run read, so that it is
/// the same however often the run was interrupted.
public struct RoleUsage: Codable, Hashable, Sendable {
    public let role: String
    public let model: String
    public let replies: Int
    public let inputTokens: Int
    public let cachedInputTokens: Int
    public let outputTokens: Int
    /// What the replies cost when they were given; nil where a price was not known.
    public let cost: Money?

    /// By role, then model, from the replies that a run read.
    public static func list(of run: String, store: Store) async throws -> [RoleUsage] {
        var groups: [[String]: [RecordedReply]] = [:]
        for (role, row) in try await store.modelReplies(readBy: run) {
            groups[[role, row.model], default: []].append(
                try StoredCalls.read(row, path: store.path))
        }
        return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, replies in
            RoleUsage(
                role: key[0], model: key[1], replies: replies.count,
                inputTokens: replies.reduce(0) { $0 + $1.reply.usage.input },
                cachedInputTokens: replies.reduce(0) { $0 + $1.reply.usage.cachedInput },
                outputTokens: replies.reduce(0) { $0 + $1.reply.usage.output },
                cost: replies.reduce(Money.zero) { sum, next in
                    sum.flatMap { sum in next.cost.map { sum + $0 } }
                })
        }
    }
}

extension CallCounts {
    init(_ spending: Spending) {
        self.init(
            calls: spending.calls, inputTokens: spending.inputTokens,
            outputTokens: spending.outputTokens, money: spending.money.nanodollars)
    }
}

extension Spending {
    init(_ counts: CallCounts) {
        self.init(
            calls: counts.calls, inputTokens: counts.inputTokens,
            outputTokens: counts.outputTokens, money: Money(nanodollars: counts.money))
    }
}

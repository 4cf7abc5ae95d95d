import Foundation
import GRDB

/// A reply that a language model gave, as the memory keeps it.
public struct ModelReplyRow: Hashable, Sendable {
    public let key: Data
    public let model: String
    /// JSON.
    public let request: String
    /// JSON.
    public let reply: String
    /// Billionths of a dollar; nil where the price was not known.
    public let cost: Int64?

    public init(key: Data, model: String, request: String, reply: String, cost: Int64?) {
        self.key = key
        self.model = model
        self.request = request
        self.reply = reply
        self.cost = cost
    }

    init(_ row: Row) {
        self.init(
            key: row["key"], model: row["model"], request: row["request"], reply: row["reply"],
            cost: row["cost"])
    }
}

/// What calls used up, or may use up.
public struct CallCounts: Hashable, Sendable {
    public var calls: Int
    public var inputTokens: Int
    public var outputTokens: Int
    /// Billionths of a dollar.
    public var money: Int64

    public init(calls: Int, inputTokens: Int, outputTokens: Int, money: Int64) {
        self.calls = calls
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.money = money
    }

    init(_ row: Row) {
        self.init(
            calls: row["calls"] ?? 0, inputTokens: row["inputTokens"] ?? 0,
            outputTokens: row["outputTokens"] ?? 0, money: row["money"] ?? 0)
    }
}

/// What came of an attempt.
public struct ClosedAttempt: Hashable, Sendable {
    public enum Result: Hashable, Sendable {
        case answered(ModelReplyRow)
        /// A kind and a sentence.
        case failed(String, reason: String)
    }

    public let id: Int64
    public let spent: CallCounts
    public let result: Result

    public init(id: Int64, spent: CallCounts, result: Result) {
        self.id = id
        self.spent = spent
        self.result = result
    }
}

/// The attempts of one role in a run.
public struct RoleAttempts: Hashable, Sendable {
    public let role: String
    public let answered: Int
    public let failed: Int
    /// Under way, or broken off when their process was killed.
    public let open: Int
    public let spent: CallCounts
}

extension Store {
    /// The reply to the request with this key.
    public func modelReply(key: Data) async throws -> ModelReplyRow? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM modelReply WHERE key = ?", arguments: [key]
            ).map(ModelReplyRow.init)
        }
    }

    /// Notes that a request is about to be sent; durable when this returns.
    public func openAttempt(
        run: String, inquiry: String, role: String, key: Data, model: String, reserved: CallCounts
    ) async throws -> Int64 {
        try await write { database in
            try Self.open(database, run, inquiry, role, key, model, reserved)
        }
    }

    static func open(
        _ database: Database, _ run: String, _ inquiry: String, _ role: String, _ key: Data,
        _ model: String, _ reserved: CallCounts
    ) throws -> Int64 {
        try database.cachedStatement(
            sql: """
                INSERT INTO modelAttempt
                (run, inquiry, role, key, model, state, calls, inputTokens, outputTokens, money)
                VALUES (?, ?, ?, ?, ?, 'open', ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                run, inquiry, role, key, model, reserved.calls, reserved.inputTokens,
                reserved.outputTokens, reserved.money,
            ])
        return database.lastInsertedRowID
    }

    /// Notes what came of attempts and keeps their replies, all in one transaction. A reply to a request
    /// that has one already is not kept: the first one stands.
    public func close(_ attempts: [ClosedAttempt]) async throws {
        try await write { database in
            for attempt in attempts {
                switch attempt.result {
                case .answered(let reply):
                    try Self.close(
                        database, attempt.id, state: "answered", failure: nil, reason: nil,
                        attempt.spent)
                    try Self.insert(database, reply)
                case .failed(let failure, let reason):
                    try Self.close(
                        database, attempt.id, state: "failed", failure: failure, reason: reason,
                        attempt.spent)
                }
            }
        }
    }

    /// Keeps a reply that was paid for elsewhere.
    public func keep(_ reply: ModelReplyRow) async throws {
        try await write { database in
            try Self.insert(database, reply)
        }
    }

    private static func close(
        _ database: Database, _ id: Int64, state: String, failure: String?, reason: String?,
        _ spent: CallCounts
    ) throws {
        try database.cachedStatement(
            sql: """
                UPDATE modelAttempt SET state = ?, failure = ?, reason = ?, calls = ?,
                inputTokens = ?, outputTokens = ?, money = ? WHERE id = ? AND state = 'open'
                """
        ).execute(
            arguments: [
                state, failure, reason, spent.calls, spent.inputTokens, spent.outputTokens,
                spent.money, id,
            ])
    }

    private static func insert(_ database: Database, _ reply: ModelReplyRow) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO modelReply (key, model, request, reply, cost) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """
        ).execute(
            arguments: [reply.key, reply.model, reply.request, reply.reply, reply.cost])
    }

    /// Notes that a run has read a reply.
    public func noteModelUse(run: String, inquiry: String, role: String, key: Data) async throws {
        try await write { database in
            try database.cachedStatement(
                sql: "INSERT INTO modelUse VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            ).execute(arguments: [run, inquiry, role, key])
        }
    }

    /// The replies that a run has read, by role and key, each once.
    public func modelReplies(
        readBy run: String
    ) async throws -> [(role: String, reply: ModelReplyRow)] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT modelUse.role AS role, modelReply.* FROM modelUse
                    JOIN modelReply ON modelReply.key = modelUse.key
                    WHERE run = ? ORDER BY role, modelReply.key
                    """, arguments: [run]
            ).map { ($0["role"], ModelReplyRow($0)) }
        }
    }

    /// What a run's attempts used up, by role. One that was broken off counts as what it reserved.
    public func attempts(of run: String) async throws -> [RoleAttempts] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT role, sum(state = 'answered') AS answered, sum(state = 'failed') AS failed,
                    sum(state = 'open') AS open, sum(calls) AS calls, sum(inputTokens) AS inputTokens,
                    sum(outputTokens) AS outputTokens, sum(money) AS money
                    FROM modelAttempt WHERE run = ? GROUP BY role ORDER BY role
                    """, arguments: [run]
            ).map {
                RoleAttempts(
                    role: $0["role"], answered: $0["answered"], failed: $0["failed"],
                    open: $0["open"], spent: CallCounts($0))
            }
        }
    }

    /// Gives the attempts made under one name to a run that has begun since.
    public func adoptAttempts(from scope: String, run: String) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE modelAttempt SET run = ? WHERE run = ?", arguments: [run, scope])
            try database.execute(sql: "DELETE FROM modelUse WHERE run = ?", arguments: [scope])
        }
    }
}

import Foundation
import GRDB

/// Requests that were handed in together.
public struct ModelBatchRow: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        /// Written down, and not known to be at the provider.
        case submitting
        case submitted
        case collected
        /// The provider does not have it.
        case unsent
        /// Nobody knows whether the provider has it.
        case lost
    }

    public let nonce: String
    /// The provider's name for it.
    public let id: String?
    public let model: String
    public let state: State
    /// Why it is unsent or lost.
    public let reason: String?
    public let begunAt: Date

    init(_ row: Row) {
        nonce = row["nonce"]
        id = row["id"]
        model = row["model"]
        state = State(rawValue: row["state"]) ?? .lost
        reason = row["reason"]
        begunAt = Self.date(row["begunAt"]) ?? .distantPast
    }

    static func text(_ date: Date) -> String { ISO8601DateFormatter().string(from: date) }

    static func date(_ text: String) -> Date? { ISO8601DateFormatter().date(from: text) }
}

/// A request that is handed in with others.
public struct NewBatchItem: Hashable, Sendable {
    public let name: String
    public let inquiry: String
    public let role: String
    public let key: Data
    public let reserved: CallCounts

    public init(name: String, inquiry: String, role: String, key: Data, reserved: CallCounts) {
        self.name = name
        self.inquiry = inquiry
        self.role = role
        self.key = key
        self.reserved = reserved
    }
}

/// A request in a batch of which nothing is known yet.
public struct OpenBatchItem: Hashable, Sendable {
    public let name: String
    public let key: Data
    public let attempt: Int64
    public let reserved: CallCounts
}

extension Store {
    /// Notes a batch that is about to be handed in, with an open attempt for each request, in one
    /// transaction; durable when this returns.
    ///
    /// - Returns: the attempts' numbers, in order.
    public func beginBatch(
        nonce: String, run: String, model: String, begunAt: Date, items: [NewBatchItem]
    ) async throws -> [Int64] {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO modelBatch (nonce, model, state, begunAt)
                    VALUES (?, ?, 'submitting', ?)
                    """, arguments: [nonce, model, ModelBatchRow.text(begunAt)])
            return try items.map { item in
                let attempt = try Self.open(
                    database, run, item.inquiry, item.role, item.key, model, item.reserved)
                try database.execute(
                    sql: "INSERT INTO modelBatchItem VALUES (?, ?, ?, ?)",
                    arguments: [nonce, item.name, item.key, attempt])
                return attempt
            }
        }
    }

    /// Notes the provider's name for a batch.
    public func batchSubmitted(_ nonce: String, id: String) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE modelBatch SET state = 'submitted', id = ? WHERE nonce = ?",
                arguments: [id, nonce])
        }
    }

    /// Notes that the provider does not have a batch, and closes its attempts without any spending.
    public func batchUnsent(_ nonce: String, failure: String, reason: String) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE modelBatch SET state = 'unsent', reason = ? WHERE nonce = ?",
                arguments: [reason, nonce])
            try database.execute(
                sql: """
                    UPDATE modelAttempt SET state = 'failed', failure = ?, reason = ?, calls = 0,
                    inputTokens = 0, outputTokens = 0, money = 0 WHERE state = 'open'
                    AND id IN (SELECT attempt FROM modelBatchItem WHERE batch = ?)
                    """, arguments: [failure, reason, nonce])
        }
    }

    /// Notes that nobody knows whether the provider has a batch.
    public func batchLost(_ nonce: String, reason: String) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE modelBatch SET state = 'lost', reason = ? WHERE nonce = ?",
                arguments: [reason, nonce])
        }
    }

    /// Notes that results were read: the batch is done with once no attempt of it is open.
    public func batchCollected(_ nonce: String) async throws {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE modelBatch SET state = 'collected' WHERE nonce = ? AND NOT EXISTS
                    (SELECT 1 FROM modelBatchItem JOIN modelAttempt ON modelAttempt.id = attempt
                    WHERE batch = nonce AND modelAttempt.state = 'open')
                    """, arguments: [nonce])
        }
    }

    /// A run's batches with an open attempt at one of `keys`, in the order of their nonces: each with the
    /// number of requests in it, and those among `keys` that are open.
    public func openBatches(
        run: String, keys: [Data]
    ) async throws -> [(batch: ModelBatchRow, size: Int, items: [OpenBatchItem])] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT batch, name, attempt, calls, inputTokens, outputTokens, money
                    FROM modelBatchItem JOIN modelAttempt ON modelAttempt.id = attempt
                    WHERE modelBatchItem.key = ? AND run = ? AND modelAttempt.state = 'open'
                    """)
            var items: [String: [OpenBatchItem]] = [:]
            for key in keys {
                for row in try Row.fetchAll(statement, arguments: [key, run]) {
                    items[row["batch"], default: []].append(
                        OpenBatchItem(
                            name: row["name"], key: key, attempt: row["attempt"],
                            reserved: CallCounts(row)))
                }
            }
            return try items.sorted { $0.key < $1.key }.compactMap { nonce, items in
                try Self.batch(database, nonce).map { ($0.row, $0.size, items) }
            }
        }
    }

    private static func batch(
        _ database: Database, _ nonce: String
    ) throws -> (row: ModelBatchRow, size: Int)? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT *, (SELECT count(*) FROM modelBatchItem WHERE batch = nonce) AS size
                FROM modelBatch WHERE nonce = ?
                """, arguments: [nonce]
        ).map { (ModelBatchRow($0), $0["size"]) }
    }

    /// Every batch, in the order in which they were begun.
    public func modelBatches() async throws -> [ModelBatchRow] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM modelBatch ORDER BY begunAt, nonce")
                .map(ModelBatchRow.init)
        }
    }

    /// Every name that providers have given to batches.
    public func modelBatchIDs() async throws -> Set<String> {
        try await read { database in
            Set(
                try String.fetchAll(
                    database, sql: "SELECT id FROM modelBatch WHERE id IS NOT NULL"))
        }
    }
}

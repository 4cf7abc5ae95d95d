import Foundation
import GRDB

extension Store {
    /// What the memory holds for `keys`, by key.
    public func measurements(keys: [Data]) async throws -> [Data: Data] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT body FROM measurement WHERE key = ?")
            var found: [Data: Data] = [:]
            for key in keys {
                if let body = try Data.fetchOne(statement, arguments: [key]) { found[key] = body }
            }
            return found
        }
    }

    /// Stores what the instrument answered, in one transaction with the count of what it was asked.
    ///
    /// - Throws: ``MemoryError/measuredTwice(count:)`` when a key is already there: nothing is
    ///   measured twice without somebody hearing of it.
    public func record(_ measurements: [(key: Data, body: Data)], run: String) async throws {
        try await write { database in
            try database.execute(
                sql: "INSERT INTO measurementBatch (run, inputs) VALUES (?, ?)",
                arguments: [run, measurements.count])
            let batch = database.lastInsertedRowID
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO measurement (key, body, batch) VALUES (?, ?, ?)
                    ON CONFLICT DO NOTHING
                    """)
            var repeated = 0
            for (key, body) in measurements {
                try statement.execute(arguments: [key, body, batch])
                repeated += database.changesCount == 0 ? 1 : 0
            }
            if repeated > 0 { throw MemoryError.measuredTwice(count: repeated) }
        }
    }

    /// How many inputs instruments were asked to measure for a run, and how many measurements the
    /// memory holds from it. They differ only where something was measured twice.
    public func measurementCounts(run: String) async throws -> (asked: Int, held: Int) {
        try await read { database in
            let asked = try Int.fetchOne(
                database,
                sql: "SELECT coalesce(sum(inputs), 0) FROM measurementBatch WHERE run = ?",
                arguments: [run])
            let held = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM measurement JOIN measurementBatch ON batch = id WHERE run = ?
                    """, arguments: [run])
            return (asked ?? 0, held ?? 0)
        }
    }
}

import Digests
import GRDB

/// One row of the journal.
public struct JournalRow: Hashable, Sendable {
    public let inquiry: String
    public let sequence: Int
    public let kind: String
    public let body: String
    public let hash: String
}

extension Store {
    /// The hash of a row: over its place, its content and the hash before it.
    static func hash(
        run: String, inquiry: String, sequence: Int, kind: String, body: String, previous: String
    ) -> String {
        var hash = SHA256()
        for part in [previous, run, inquiry, String(sequence), kind, body] {
            hash.update("\(part.utf8.count):")
            hash.update(part)
        }
        return hash.finalize().hex
    }

    /// The rows of one inquiry in order.
    public func journal(run: String, inquiry: String) async throws -> [JournalRow] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT inquiry, sequence, kind, body, hash FROM journal
                    WHERE run = ? AND inquiry = ? ORDER BY sequence
                    """, arguments: [run, inquiry]
            ).map {
                JournalRow(inquiry: $0[0], sequence: $0[1], kind: $0[2], body: $0[3], hash: $0[4])
            }
        }
    }

    /// The names of the inquiries that a run has journaled, sorted.
    public func inquiries(run: String) async throws -> [String] {
        try await read { database in
            try String.fetchAll(
                database,
                sql: "SELECT DISTINCT inquiry FROM journal WHERE run = ? ORDER BY inquiry",
                arguments: [run])
        }
    }

    /// Appends one row, chained to the one before it; durable when this returns.
    ///
    /// - Throws: ``MemoryError/sequenceTaken(run:inquiry:sequence:)`` when `sequence` is not the next.
    public func append(
        kind: String, body: String, run: String, inquiry: String, sequence: Int
    ) async throws {
        try await write { database in
            let last = try Row.fetchOne(
                database,
                sql: """
                    SELECT sequence, hash FROM journal WHERE run = ? AND inquiry = ?
                    ORDER BY sequence DESC LIMIT 1
                    """, arguments: [run, inquiry])
            let expected = last.map { ($0[0] as Int) + 1 } ?? 0
            guard sequence == expected else {
                throw MemoryError.sequenceTaken(run: run, inquiry: inquiry, sequence: sequence)
            }
            let previous: String
            if let last {
                previous = last[1]
            } else {
                previous = try Self.manifestHash(database, run: run, path: path)
            }
            let hash = Self.hash(
                run: run, inquiry: inquiry, sequence: sequence, kind: kind, body: body,
                previous: previous)
            try database.execute(
                sql: "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [run, inquiry, sequence, kind, body, hash])
        }
    }

    private static func manifestHash(
        _ database: Database, run: String, path: String
    ) throws -> String {
        guard
            let hash = try String.fetchOne(
                database, sql: "SELECT manifestHash FROM run WHERE id = ?", arguments: [run])
        else { throw MemoryError.noRun(id: run, path: path) }
        return hash
    }

    /// Checks that no row of the run was altered, removed from the middle or put in.
    ///
    /// - Throws: ``MemoryError/broken(run:inquiry:sequence:reason:)`` for the first row that does not
    ///   follow from the one before it.
    public func verifyChain(run id: String) async throws {
        let run = try await run(id)
        guard SHA256.digest(of: run.manifest).hex == run.manifestHash else {
            throw MemoryError.broken(
                run: id, inquiry: "manifest", sequence: 0,
                reason: "the manifest does not fit its hash")
        }
        for inquiry in try await inquiries(run: id) {
            var previous = run.manifestHash
            for (index, row) in try await journal(run: id, inquiry: inquiry).enumerated() {
                let expected = Self.hash(
                    run: id, inquiry: inquiry, sequence: index, kind: row.kind, body: row.body,
                    previous: previous)
                guard row.sequence == index, row.hash == expected else {
                    throw MemoryError.broken(
                        run: id, inquiry: inquiry, sequence: index,
                        reason: "its content does not fit its hash")
                }
                previous = row.hash
            }
        }
    }
}

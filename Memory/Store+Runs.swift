import Digests
import Foundation
import GRDB

/// One run as the memory knows it.
public struct RunRow: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        case running, interrupted, outOfBudget, failed, finished
    }

    public let id: String
    public let manifest: String
    public let manifestHash: String
    public let state: State
    public let createdAt: String
    public let finishedAt: String?
    public let reportHash: String?
    /// What --model said when it began.
    public let modelWord: String?

    init(_ row: Row) {
        id = row["id"]
        manifest = row["manifest"]
        manifestHash = row["manifestHash"]
        state = State(rawValue: row["state"]) ?? .failed
        createdAt = row["createdAt"]
        finishedAt = row["finishedAt"]
        reportHash = row["reportHash"]
        modelWord = row["modelWord"]
    }
}

/// Where an inquiry stands, for lists.
public struct InquiryRow: Hashable, Sendable {
    public let name: String
    public let state: String
    public let statement: String
    public let probes: Int
    public let hypotheses: Int

    public init(name: String, state: String, statement: String, probes: Int, hypotheses: Int) {
        self.name = name
        self.state = state
        self.statement = statement
        self.probes = probes
        self.hypotheses = hypotheses
    }
}

extension Store {
    /// Begins a run. Its id is `prefix`, a dash and the head of the manifest's hash, with a number
    /// behind it when a run of the same manifest is already there.
    public func begin(prefix: String, manifest: String, now: Date) async throws -> RunRow {
        let hash = SHA256.digest(of: manifest).hex
        let stem = "\(prefix)-\(hash.prefix(8))"
        let date = ISO8601DateFormatter().string(from: now)
        let id = try await write { database in
            var id = stem
            var count = 1
            while try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM run WHERE id = ?)", arguments: [id])
                == true
            {
                count += 1
                id = "\(stem)-\(count)"
            }
            try database.execute(
                sql: """
                    INSERT INTO run (id, manifest, manifestHash, state, createdAt)
                    VALUES (?, ?, ?, 'running', ?)
                    """, arguments: [id, manifest, hash, date])
            return id
        }
        return try await run(id)
    }

    public func setModelWord(_ word: String, run: String) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE run SET modelWord = ? WHERE id = ?", arguments: [word, run])
        }
    }

    /// - Throws: ``MemoryError/noRun(id:path:)``.
    public func run(_ id: String) async throws -> RunRow {
        let row = try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM run WHERE id = ?", arguments: [id])
                .map(RunRow.init)
        }
        guard let row else { throw MemoryError.noRun(id: id, path: path) }
        return row
    }

    /// All runs, newest first.
    public func runs() async throws -> [RunRow] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM run ORDER BY createdAt DESC, id")
                .map(RunRow.init)
        }
    }

    public func set(
        _ state: RunRow.State, run: String, reportHash: String? = nil, now: Date
    ) async throws {
        let date = ISO8601DateFormatter().string(from: now)
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE run SET state = ?, finishedAt = ?, reportHash = coalesce(?, reportHash)
                    WHERE id = ?
                    """,
                arguments: [
                    state.rawValue, state == .finished ? date : nil, reportHash, run,
                ])
        }
    }

    /// Replaces the projection of a run's inquiries.
    public func project(_ rows: [InquiryRow], run: String) async throws {
        try await write { database in
            try database.execute(sql: "DELETE FROM inquiry WHERE run = ?", arguments: [run])
            for row in rows {
                try database.execute(
                    sql: "INSERT INTO inquiry VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [
                        run, row.name, row.state, row.statement, row.probes, row.hypotheses,
                    ])
            }
        }
    }

    /// Where the inquiries of a run stand, by name.
    public func inquiryRows(run: String) async throws -> [InquiryRow] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM inquiry WHERE run = ? ORDER BY name", arguments: [run]
            ).map {
                InquiryRow(
                    name: $0["name"], state: $0["state"], statement: $0["statement"],
                    probes: $0["probes"], hypotheses: $0["hypotheses"])
            }
        }
    }
}

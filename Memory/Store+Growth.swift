import GRDB

extension Store {
    /// How many events the inquiries of a run have journaled.
    ///
    /// - Complexity: two look-ups in the journal's index per inquiry, whatever its length.
    public func journalLengths(run: String) async throws -> [String: Int] {
        try await read { try Self.journalLengths($0, run: run) }
    }

    /// The same of every run that is not finished, with the state of every run: it differs when any
    /// run has gone on.
    public func growth() async throws -> [String: String] {
        try await read { database in
            var growth: [String: String] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT id, state FROM run") {
                let (run, state): (String, String) = (row[0], row[1])
                growth[run] = state
                guard state == RunRow.State.running.rawValue else { continue }
                let lengths = try Self.journalLengths(database, run: run)
                growth[run] = "\(state) \(lengths.count) \(lengths.values.reduce(0, +))"
            }
            return growth
        }
    }

    private static func journalLengths(
        _ database: Database, run: String
    ) throws -> [String: Int] {
        let rows = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    WITH RECURSIVE known (inquiry) AS (
                        SELECT min(inquiry) FROM journal WHERE run = ?1
                        UNION ALL
                        SELECT (SELECT min(inquiry) FROM journal
                                WHERE run = ?1 AND inquiry > known.inquiry)
                        FROM known WHERE known.inquiry IS NOT NULL
                    )
                    SELECT inquiry, (SELECT max(sequence) FROM journal
                                     WHERE run = ?1 AND journal.inquiry = known.inquiry)
                    FROM known WHERE inquiry IS NOT NULL
                    """), arguments: [run])
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], ($0[1] as Int) + 1) })
    }

    /// Inquiries whose name or statement contains a text, in any case: run by run, newest first.
    public func inquiryRows(
        containing text: String, limit: Int
    ) async throws -> [(run: String, row: InquiryRow)] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT inquiry.* FROM inquiry JOIN run ON run.id = inquiry.run
                    WHERE instr(lower(name || ' ' || statement), lower(?)) > 0
                    ORDER BY run.createdAt DESC, run.id, name LIMIT ?
                    """, arguments: [text, limit]
            ).map {
                (
                    $0["run"],
                    InquiryRow(
                        name: $0["name"], state: $0["state"], statement: $0["statement"],
                        probes: $0["probes"], hypotheses: $0["hypotheses"])
                )
            }
        }
    }
}

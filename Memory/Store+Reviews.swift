import Digests
import GRDB

extension Store {
    /// Runs `body` in one transaction over the review queue: all of it is durable when this returns, or
    /// none of it happened.
    public func changeReviews<T: Sendable>(
        _ body: @Sendable @escaping (ReviewTable) throws -> T
    ) async throws -> T {
        try await write { try body(ReviewTable(database: $0)) }
    }

    /// The same, reading only, all of one moment.
    public func readReviews<T: Sendable>(
        _ body: @Sendable @escaping (ReviewTable) throws -> T
    ) async throws -> T {
        try await read { try body(ReviewTable(database: $0)) }
    }
}

/// The review queue's tables within one transaction. It knows rows and the chain of the audit; what may
/// follow what is the queue's to say.
public struct ReviewTable {
    let database: Database

    // MARK: Items

    public func item(id: String) throws -> ReviewItemRow? {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM reviewItem WHERE id = ?"),
            arguments: [id]
        ).map(ReviewItemRow.init)
    }

    public func item(key: String) throws -> ReviewItemRow? {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM reviewItem WHERE key = ?"),
            arguments: [key]
        ).map(ReviewItemRow.init)
    }

    public func sheet(of item: String) throws -> ReviewSheetRow? {
        try Row.fetchOne(
            database, sql: "SELECT content, hidden FROM reviewSheet WHERE item = ?",
            arguments: [item]
        ).map { ReviewSheetRow(content: $0[0], hidden: $0[1]) }
    }

    /// The number of the next item.
    public func nextNumber() throws -> Int {
        try Int.fetchOne(database, sql: "SELECT coalesce(max(number), 0) + 1 FROM reviewItem") ?? 1
    }

    public func insert(_ item: ReviewItemRow, _ sheet: ReviewSheetRow) throws {
        try database.cachedStatement(
            sql: "INSERT INTO reviewItem VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(
            arguments: [
                item.id, item.number, item.kind, item.run, item.inquiry, item.key, item.claim,
                item.contentHash, item.raters, item.state, item.submittedAt, item.expiresAt,
                item.appliedAt, item.isControl,
            ])
        try database.cachedStatement(sql: "INSERT INTO reviewSheet VALUES (?, ?, ?)").execute(
            arguments: [item.id, sheet.content, sheet.hidden])
    }

    /// Replaces what is shown.
    public func revise(_ id: String, claim: String, contentHash: String, _ sheet: ReviewSheetRow)
        throws
    {
        try database.execute(
            sql: "UPDATE reviewItem SET claim = ?, contentHash = ? WHERE id = ?",
            arguments: [claim, contentHash, id])
        try database.execute(
            sql: "UPDATE reviewSheet SET content = ?, hidden = ? WHERE item = ?",
            arguments: [sheet.content, sheet.hidden, id])
    }

    /// Writes where an item stands: its state, when a run went on with it, and the standing votes.
    public func project(
        _ id: String, state: String, appliedAt: Int64?, votes: [(rater: String, decision: String)]
    ) throws {
        try database.cachedStatement(
            sql: "UPDATE reviewItem SET state = ?, appliedAt = ? WHERE id = ?"
        ).execute(arguments: [state, appliedAt, id])
        try database.cachedStatement(sql: "DELETE FROM reviewVote WHERE item = ?").execute(
            arguments: [id])
        for vote in votes {
            try database.cachedStatement(sql: "INSERT INTO reviewVote VALUES (?, ?, ?)").execute(
                arguments: [id, vote.rater, vote.decision])
        }
    }

    /// What a rater has decided on an item.
    public func decision(on item: String, by rater: String) throws -> String? {
        try String.fetchOne(
            database.cachedStatement(
                sql: "SELECT decision FROM reviewVote WHERE item = ? AND rater = ?"),
            arguments: [item, rater])
    }

    /// What each rater has decided on an item, by rater.
    public func votes(on item: String) throws -> [(rater: String, decision: String)] {
        try Row.fetchAll(
            database.cachedStatement(
                sql: "SELECT rater, decision FROM reviewVote WHERE item = ? ORDER BY rater"),
            arguments: [item]
        ).map { ($0[0], $0[1]) }
    }

    // MARK: Lists

    /// Number and id of the items of a selection, in the order of submission.
    public func numbers(_ selection: ReviewSelection) throws -> [(number: Int, id: String)] {
        let (condition, arguments) = Self.condition(selection)
        return try Row.fetchAll(
            database, sql: "SELECT number, id FROM reviewItem WHERE \(condition) ORDER BY number",
            arguments: arguments
        ).map { ($0[0], $0[1]) }
    }

    /// The numbers alone: where a long list is put into an order of which a part is shown.
    public func places(_ selection: ReviewSelection) throws -> [Int] {
        let (condition, arguments) = Self.condition(selection)
        return try Int.fetchAll(
            database, sql: "SELECT number FROM reviewItem WHERE \(condition) ORDER BY number",
            arguments: arguments)
    }

    public func item(number: Int) throws -> ReviewItemRow? {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM reviewItem WHERE number = ?"),
            arguments: [number]
        ).map(ReviewItemRow.init)
    }

    public func count(_ selection: ReviewSelection) throws -> Int {
        let (condition, arguments) = Self.condition(selection)
        return try Int.fetchOne(
            database, sql: "SELECT count(*) FROM reviewItem WHERE \(condition)",
            arguments: arguments) ?? 0
    }

    private static func condition(_ selection: ReviewSelection) -> (String, StatementArguments) {
        var parts = ["1"]
        var arguments = StatementArguments()
        if let states = selection.states {
            parts.append("state IN (\(states.map { _ in "?" }.joined(separator: ", ")))")
            arguments += StatementArguments(states)
        }
        if let kind = selection.kind {
            parts.append("kind = ?")
            arguments += [kind]
        }
        if let run = selection.run {
            parts.append("run = ?")
            arguments += [run]
        }
        if let text = selection.text {
            parts.append("instr(lower(claim || ' ' || inquiry || ' ' || run), lower(?)) > 0")
            arguments += [text]
        }
        let vote = "EXISTS (SELECT 1 FROM reviewVote WHERE item = id AND rater = ?)"
        if let rater = selection.decidedBy {
            parts.append(vote)
            arguments += [rater]
        }
        if let rater = selection.openTo {
            parts.append("NOT \(vote)")
            arguments += [rater]
        }
        return (parts.joined(separator: " AND "), arguments)
    }

    /// The open items whose time is up.
    public func overdue(at now: Int64) throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                SELECT id FROM reviewItem
                WHERE state IN ('pending', 'deferred', 'escalated') AND expiresAt <= ?
                ORDER BY number
                """, arguments: [now])
    }

    // MARK: Claims

    /// The claims on an item that hold at a moment.
    public func claims(on item: String, at now: Int64) throws -> [ReviewClaimRow] {
        try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT item, rater, until FROM reviewClaim
                    WHERE item = ? AND until > ? ORDER BY rater
                    """), arguments: [item, now]
        ).map { ReviewClaimRow(item: $0[0], rater: $0[1], until: $0[2]) }
    }

    /// All claims that hold at a moment.
    public func claims(at now: Int64) throws -> [ReviewClaimRow] {
        try Row.fetchAll(
            database,
            sql: "SELECT item, rater, until FROM reviewClaim WHERE until > ? ORDER BY item, rater",
            arguments: [now]
        ).map { ReviewClaimRow(item: $0[0], rater: $0[1], until: $0[2]) }
    }

    public func claim(_ item: String, rater: String, until: Int64) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO reviewClaim VALUES (?, ?, ?)
                ON CONFLICT (item, rater) DO UPDATE SET until = excluded.until
                """
        ).execute(arguments: [item, rater, until])
    }

    public func release(_ item: String, rater: String) throws {
        try database.cachedStatement(
            sql: "DELETE FROM reviewClaim WHERE item = ? AND rater = ?"
        ).execute(arguments: [item, rater])
    }

    // MARK: Audit

    /// The events of one item in order.
    public func events(of item: String) throws -> [ReviewEventRow] {
        try Row.fetchAll(
            database.cachedStatement(
                sql: "SELECT * FROM reviewEvent WHERE item = ? ORDER BY sequence"),
            arguments: [item]
        ).map(ReviewEventRow.init)
    }

    /// Events after one, at most so many, in order.
    public func events(after sequence: Int, limit: Int) throws -> [ReviewEventRow] {
        try Row.fetchAll(
            database,
            sql: "SELECT * FROM reviewEvent WHERE sequence > ? ORDER BY sequence LIMIT ?",
            arguments: [sequence, limit]
        ).map(ReviewEventRow.init)
    }

    /// The number of the last event; 0 where there is none.
    public func lastSequence() throws -> Int {
        try Int.fetchOne(database, sql: "SELECT coalesce(max(sequence), 0) FROM reviewEvent") ?? 0
    }

    /// Appends an event to the audit, chained to the one before it.
    @discardableResult
    public func append(
        kind: String, body: String, item: String, actor: String, at: Int64
    ) throws -> ReviewEventRow {
        let last = try Row.fetchOne(
            database, sql: "SELECT sequence, hash FROM reviewEvent ORDER BY sequence DESC LIMIT 1")
        let sequence = last.map { ($0[0] as Int) + 1 } ?? 1
        let hash = Self.hash(
            sequence: sequence, at: at, actor: actor, item: item, kind: kind, body: body,
            previous: last.map { $0[1] } ?? "")
        try database.cachedStatement(
            sql: "INSERT INTO reviewEvent VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [sequence, at, actor, item, kind, body, hash])
        return ReviewEventRow([
            "sequence": sequence, "at": at, "actor": actor, "item": item, "kind": kind,
            "body": body, "hash": hash,
        ])
    }

    /// The hash of an event: over its place, its content and the hash before it.
    public static func hash(
        sequence: Int, at: Int64, actor: String, item: String, kind: String, body: String,
        previous: String
    ) -> String {
        var hash = SHA256()
        for part in [previous, String(sequence), String(at), actor, item, kind, body] {
            hash.update("\(part.utf8.count):")
            hash.update(part)
        }
        return hash.finalize().hex
    }
}

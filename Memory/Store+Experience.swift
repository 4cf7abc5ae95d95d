import GRDB

/// Something that an inquiry taught, with its scope and evidence.
public struct Lesson: Hashable, Sendable {
    public let run: String
    public let inquiry: String
    /// What the lesson is about: a subject and a place in it.
    public let scope: String
    /// Names the data that taught it: a formula made from data must not be tested on them again.
    public let corpus: String
    public let status: String
    public let formula: String
    public let statement: String
    /// Held-out balanced accuracy.
    public let score: Double?
    public let evidence: String

    public init(
        run: String, inquiry: String, scope: String, corpus: String, status: String,
        formula: String, statement: String, score: Double?, evidence: String
    ) {
        self.run = run
        self.inquiry = inquiry
        self.scope = scope
        self.corpus = corpus
        self.status = status
        self.formula = formula
        self.statement = statement
        self.score = score
        self.evidence = evidence
    }

    init(_ row: Row) {
        self.init(
            run: row["run"], inquiry: row["inquiry"], scope: row["scope"], corpus: row["corpus"],
            status: row["status"], formula: row["formula"], statement: row["statement"],
            score: row["score"], evidence: row["evidence"])
    }
}

extension Store {
    /// Keeps a lesson; the same inquiry of the same run teaches once.
    public func keep(_ lesson: Lesson) async throws {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO lesson
                    (run, inquiry, scope, corpus, status, formula, statement, score, evidence)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    lesson.run, lesson.inquiry, lesson.scope, lesson.corpus, lesson.status,
                    lesson.formula, lesson.statement, lesson.score, lesson.evidence,
                ])
        }
    }

    /// The lessons of one scope that other data taught, in an order that does not depend on when.
    public func lessons(scope: String, exceptCorpus corpus: String) async throws -> [Lesson] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM lesson WHERE scope = ? AND corpus <> ?
                    ORDER BY inquiry, score DESC, formula, run
                    """, arguments: [scope, corpus]
            ).map(Lesson.init)
        }
    }

    /// Lessons in which all words of `query` occur, best match first.
    public func search(_ query: String, limit: Int) async throws -> [Lesson] {
        guard let pattern = FTS5Pattern(matchingAllTokensIn: query) else {
            throw MemoryError.badSearch(query: query)
        }
        return try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT lesson.* FROM lessonSearch JOIN lesson ON lesson.id = lessonSearch.rowid
                    WHERE lessonSearch MATCH ? ORDER BY bm25(lessonSearch), lesson.id LIMIT ?
                    """, arguments: [pattern, limit]
            ).map(Lesson.init)
        }
    }
}

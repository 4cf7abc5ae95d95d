import GRDB

/// One thing that people are asked to decide, as lists show it.
public struct ReviewItemRow: Hashable, Sendable {
    public let id: String
    /// Counts what was submitted.
    public let number: Int
    public let kind: String
    public let run: String
    public let inquiry: String
    /// Names the question within everything that was ever asked.
    public let key: String
    public let claim: String
    public var contentHash: String
    /// How many must decide.
    public let raters: Int
    public var state: String
    /// Milliseconds since 1970, as all times here.
    public let submittedAt: Int64
    public let expiresAt: Int64?
    /// When a run went on with what was decided.
    public var appliedAt: Int64?
    public let isControl: Bool

    public init(
        id: String, number: Int, kind: String, run: String, inquiry: String, key: String,
        claim: String, contentHash: String, raters: Int, state: String, submittedAt: Int64,
        expiresAt: Int64?, appliedAt: Int64?, isControl: Bool
    ) {
        self.id = id
        self.number = number
        self.kind = kind
        self.run = run
        self.inquiry = inquiry
        self.key = key
        self.claim = claim
        self.contentHash = contentHash
        self.raters = raters
        self.state = state
        self.submittedAt = submittedAt
        self.expiresAt = expiresAt
        self.appliedAt = appliedAt
        self.isControl = isControl
    }

    init(_ row: Row) {
        self.init(
            id: row["id"], number: row["number"], kind: row["kind"], run: row["run"],
            inquiry: row["inquiry"], key: row["key"], claim: row["claim"],
            contentHash: row["contentHash"], raters: row["raters"], state: row["state"],
            submittedAt: row["submittedAt"], expiresAt: row["expiresAt"],
            appliedAt: row["appliedAt"], isControl: row["isControl"])
    }
}

/// What is shown of an item, and what is hidden until one has decided; both are JSON.
public struct ReviewSheetRow: Hashable, Sendable {
    public let content: String
    public let hidden: String

    public init(content: String, hidden: String) {
        self.content = content
        self.hidden = hidden
    }
}

/// Who looks at an item, and until when nobody else takes it.
public struct ReviewClaimRow: Hashable, Sendable {
    public let item: String
    public let rater: String
    public let until: Int64
}

/// One row of the audit.
public struct ReviewEventRow: Hashable, Sendable {
    /// From 1.
    public let sequence: Int
    public let at: Int64
    public let actor: String
    public let item: String
    public let kind: String
    /// JSON.
    public let body: String
    public let hash: String

    init(_ row: Row) {
        sequence = row["sequence"]
        at = row["at"]
        actor = row["actor"]
        item = row["item"]
        kind = row["kind"]
        body = row["body"]
        hash = row["hash"]
    }
}

/// Which items a list holds.
public struct ReviewSelection: Hashable, Sendable {
    /// Every one where nil.
    public var states: [String]?
    public var kind: String?
    public var run: String?
    /// What the claim, the inquiry or the run must contain, in any case.
    public var text: String?
    /// Only items that this rater has decided.
    public var decidedBy: String?
    /// Only items that this rater has not decided.
    public var openTo: String?

    public init(
        states: [String]? = nil, kind: String? = nil, run: String? = nil, text: String? = nil,
        decidedBy: String? = nil, openTo: String? = nil
    ) {
        self.states = states
        self.kind = kind
        self.run = run
        self.text = text
        self.decidedBy = decidedBy
        self.openTo = openTo
    }
}

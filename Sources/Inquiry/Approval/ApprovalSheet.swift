/// Exactly what a person is shown when something must be decided. A decision is bound to the hash of its
/// canonical JSON. It holds measurements and lineage, and no verdict, score or author: those are in
/// ``ApprovalHidden``.
public struct ApprovalSheet: Codable, Hashable, Sendable {
    public let kind: ApprovalKind
    public let run: String
    public let inquiry: String
    /// What is asked, as a sentence ("Is this worth testing?").
    public let question: String
    /// What is claimed, in plain words.
    public var claim: String
    /// The same in the domain's notation.
    public var formula: String?
    /// What a person may change, where anything.
    public var editable: Editable?
    public let facts: [RunRecord.Fact]
    public let evidence: [Evidence]
    public var lineage: [Ancestor]
    /// Versions of what made it.
    public let provenance: [RunRecord.Fact]

    /// A text that a person may change.
    public struct Editable: Codable, Hashable, Sendable {
        /// Names of what may be edited, each with its own form.
        public static let formula = "formula"
        public static let label = "label"
        public static let source = "source"

        /// What it is called: "formula", "label", "source".
        public let name: String
        public var text: String

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// A hypothesis that this one came from or stands beside.
    public struct Ancestor: Codable, Hashable, Sendable {
        public let id: Int
        public let parent: Int?
        public let origin: String
        public let statement: String

        public init(id: Int, parent: Int?, origin: String, statement: String) {
            self.id = id
            self.parent = parent
            self.origin = origin
            self.statement = statement
        }
    }

    public init(
        kind: ApprovalKind, run: String, inquiry: String, question: String, claim: String,
        formula: String? = nil, editable: Editable? = nil, facts: [RunRecord.Fact] = [],
        evidence: [Evidence] = [], lineage: [Ancestor] = [], provenance: [RunRecord.Fact] = []
    ) {
        self.kind = kind
        self.run = run
        self.inquiry = inquiry
        self.question = question
        self.claim = claim
        self.formula = formula
        self.editable = editable
        self.facts = facts
        self.evidence = evidence
        self.lineage = lineage
        self.provenance = provenance
    }
}

/// One piece of evidence on a sheet.
public enum Evidence: Codable, Hashable, Sendable {
    /// Where a feature fires: exemplars, with tokens or boards.
    case exemplars(Exemplars)
    /// Probes with predictions and, where they are measured, outcomes.
    case probes(Probes)
    /// How often activations of some strength occur.
    case histogram(Histogram)
    /// Figures in rows.
    case table(Table)
    /// A text, or a program, as it is.
    case text(Passage)

    public struct Exemplars: Codable, Hashable, Sendable {
        /// Squares a side of the board; nil where inputs are texts.
        public let board: Int?
        /// The activation from which the feature counts as firing.
        public let threshold: Double
        public let maximum: Double
        public let exemplars: [Exemplar]

        public init(board: Int?, threshold: Double, maximum: Double, exemplars: [Exemplar]) {
            self.board = board
            self.threshold = threshold
            self.maximum = maximum
            self.exemplars = exemplars
        }
    }

    public struct Probes: Codable, Hashable, Sendable {
        public let board: Int?
        public let threshold: Double
        public let probes: [ProbeLine]

        public init(board: Int?, threshold: Double, probes: [ProbeLine]) {
            self.board = board
            self.threshold = threshold
            self.probes = probes
        }
    }

    public struct ProbeLine: Codable, Hashable, Sendable {
        public let probe: Probe
        /// Nil until measured.
        public let outcome: Outcome?

        public init(probe: Probe, outcome: Outcome?) {
            self.probe = probe
            self.outcome = outcome
        }
    }

    public struct Histogram: Codable, Hashable, Sendable {
        public let title: String
        /// Bin edges, ascending; one more than there are counts.
        public let edges: [Double]
        public let counts: [Int]

        public init(title: String, edges: [Double], counts: [Int]) {
            self.title = title
            self.edges = edges
            self.counts = counts
        }
    }

    public struct Table: Codable, Hashable, Sendable {
        public let title: String
        public let columns: [String]
        public let rows: [[String]]

        public init(title: String, columns: [String], rows: [[String]]) {
            self.title = title
            self.columns = columns
            self.rows = rows
        }
    }

    public struct Passage: Codable, Hashable, Sendable {
        public let title: String
        public let text: String
        /// Whether it is a program.
        public let isCode: Bool

        public init(title: String, text: String, isCode: Bool = false) {
            self.title = title
            self.text = text
            self.isCode = isCode
        }
    }
}

/// What is kept from a person until they have decided: whatever could anchor them.
public struct ApprovalHidden: Codable, Hashable, Sendable {
    /// Who proposed it: "rule inducer", or a model's name.
    public let author: String
    /// What the arithmetic said, if anything yet.
    public let verdict: String?
    /// Named figures: scores with intervals, e-values.
    public let figures: [RunRecord.Fact]
    /// Versions that would tell the author: the model and its prompts.
    public let versions: [RunRecord.Fact]

    public init(
        author: String, verdict: String? = nil, figures: [RunRecord.Fact] = [],
        versions: [RunRecord.Fact] = []
    ) {
        self.author = author
        self.verdict = verdict
        self.figures = figures
        self.versions = versions
    }
}

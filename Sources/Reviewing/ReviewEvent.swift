import Digests
import Inquiry
import Memory

/// What happened to an item of the review queue. The audit holds these and nothing else; every state is a
/// fold over it.
public enum ReviewEvent: Codable, Hashable, Sendable {
    case submitted(Submission)
    /// What is shown has changed: what was decided before no longer counts.
    case revised(Revision)
    case decided(Decision)
    /// Somebody takes back the last thing that they did.
    case undone
    /// Nobody answered in time.
    case expired
    /// A run went on with what was decided: from here on it stands.
    case applied(ApprovalAnswer)

    public struct Submission: Codable, Hashable, Sendable {
        public let kind: ApprovalKind
        public let run: String
        public let inquiry: String
        public let key: String
        public let contentHash: String
        /// The hash of what is hidden.
        public let hiddenHash: String
        public let raters: Int
        /// Milliseconds since 1970.
        public let expiresAt: Int64?
        public let control: ReviewControl?
    }

    public struct Revision: Codable, Hashable, Sendable {
        public let contentHash: String
        public let hiddenHash: String
    }

    /// What one person did, with everything that it rests on.
    public struct Decision: Codable, Hashable, Sendable {
        public let verb: ReviewVerb
        /// The hash of what was shown.
        public let contentHash: String
        public let reason: String?
        /// 1 to 5, how well the claim fits the evidence; nil where none was given.
        public let rating: Int?
        public let edit: ReviewEdit?
        /// Between the showing and the decision.
        public let seconds: Double
        /// Names the act: the same one, sent twice, counts once.
        public let nonce: String
        /// Whether verdict and others' votes had been shown to this person before.
        public let isInformed: Bool
        /// What the sheet names as versions of model, prompts and seed.
        public let provenance: [RunRecord.Fact]
    }

    /// The event's name in the audit.
    public var kind: String {
        switch self {
        case .submitted: "submitted"
        case .revised: "revised"
        case .decided: "decided"
        case .undone: "undone"
        case .expired: "expired"
        case .applied: "applied"
        }
    }

    init(_ row: ReviewEventRow) throws(ReviewError) {
        do {
            self = try CanonicalJSON.decode(ReviewEvent.self, from: row.body)
        } catch {
            throw .auditBroken(sequence: row.sequence, reason: "it cannot be read")
        }
    }
}

/// What a person can do with an item.
public enum ReviewVerb: String, Codable, Hashable, Sendable, CaseIterable {
    case approve, edit, reject, `defer`, escalate

    /// Whether it counts towards the outcome.
    public var isVote: Bool {
        switch self {
        case .approve, .edit, .reject: true
        case .defer, .escalate: false
        }
    }
}

/// A change of the editable text; the original is kept.
public struct ReviewEdit: Codable, Hashable, Sendable {
    public let original: String
    public let text: String
    /// Line by line: what went, marked "-", and what came, marked "+".
    public let diff: [String]

    public init(from original: String, to text: String) {
        self.original = original
        self.text = text
        diff = LineDiff.lines(from: original, to: text)
    }
}

/// Why an item was planted, and what should come of it.
public struct ReviewControl: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable {
        /// The claim of another item over this one's evidence.
        case shuffled
        /// The same as another item.
        case duplicate
        /// A claim that is true by construction, over evidence made from it.
        case known
    }

    public let kind: Kind
    /// The item that it was made from, or beside.
    public let of: String

    public init(kind: Kind, of: String) {
        self.kind = kind
        self.of = of
    }
}

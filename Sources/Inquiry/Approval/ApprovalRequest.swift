/// Something that must wait for a person.
public struct ApprovalRequest: Hashable, Sendable {
    /// Names the question within the run, for instance "latent 37/hypothesis 2": it is asked once.
    public let name: String
    public let sheet: ApprovalSheet
    public let hidden: ApprovalHidden
    /// The rule under which it waits.
    public let rule: ApprovalPolicy.Rule
    /// Whether it is known to be true, where it is known.
    public let isKnownTruth: Bool

    public init(
        name: String, sheet: ApprovalSheet, hidden: ApprovalHidden, rule: ApprovalPolicy.Rule,
        isKnownTruth: Bool = false
    ) {
        self.name = name
        self.sheet = sheet
        self.hidden = hidden
        self.rule = rule
        self.isKnownTruth = isKnownTruth
    }
}

/// What people decided about a request, once and for all.
public struct ApprovalAnswer: Codable, Hashable, Sendable {
    public enum Outcome: Codable, Hashable, Sendable {
        case approved
        /// With the editable text replaced by this one.
        case edited(String)
        case rejected(reason: String)
        /// Nobody answered in time: not approved.
        case expired
    }

    /// The item of the queue.
    public let item: String
    /// The hash of what was shown.
    public let contentHash: String
    public let outcome: Outcome
    /// Who decided, sorted.
    public let by: [String]

    public init(item: String, contentHash: String, outcome: Outcome, by: [String]) {
        self.item = item
        self.contentHash = contentHash
        self.outcome = outcome
        self.by = by
    }

    public var isApproved: Bool {
        switch outcome {
        case .approved, .edited: true
        case .rejected, .expired: false
        }
    }
}

/// Where a run asks people, and hears of their answers. Asking again changes nothing: a question is named
/// by its run and name, and an answer that was once given stays.
public protocol ApprovalGate: Sendable {
    /// Puts the request into the queue if it is not there, and says what was decided; nil while it waits.
    /// An answer that was given out cannot be undone any more.
    func answer(to request: ApprovalRequest) async throws -> ApprovalAnswer?

    /// Those of some questions, each asked before, that nobody has answered yet.
    func open(_ names: [String]) async throws -> [String]

    /// Returns when anything may have changed: a decision, an expiry, or a short time, less than a second.
    func change() async throws
}

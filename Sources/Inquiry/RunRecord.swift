/// A run as its journal tells it: what every report, table and export is made from.
public struct RunRecord: Hashable, Sendable {
    /// What an inquiry is about, as far as a reader must tell them apart.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case feature
        /// Control: activations permuted over the inputs.
        case shuffled
        /// Control: a random direction of the residual stream.
        case direction
    }

    public struct Member: Hashable, Sendable {
        public let name: String
        public let kind: Kind
        /// For a control, the feature beside which it is shown.
        public let beside: String?
        /// Whether it was explained with the lessons of other features; nil where there was no choice.
        public let hadLessons: Bool?
        public let state: InquiryState

        public init(
            name: String, kind: Kind, beside: String?, hadLessons: Bool? = nil,
            state: InquiryState
        ) {
            self.name = name
            self.kind = kind
            self.beside = beside
            self.hadLessons = hadLessons
            self.state = state
        }
    }

    public struct Fact: Codable, Hashable, Sendable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What the inputs of a run are.
    public enum Domain: Hashable, Sendable {
        /// Games on a board with so many squares a side.
        case othello(board: Int)
        case text
    }

    public let title: String
    public let domain: Domain
    /// The hash of the manifest: the same study has the same one.
    public let study: String
    /// What the manifest says, for people.
    public let facts: [Fact]
    public let plan: InquiryPlan
    public let seed: UInt64
    public let members: [Member]
    /// What the language model's replies came to, by role; empty where none was asked.
    public let usage: [RoleUsage]

    public init(
        title: String, domain: Domain, study: String, facts: [Fact], plan: InquiryPlan,
        seed: UInt64,
        members: [Member], usage: [RoleUsage] = []
    ) {
        self.title = title
        self.domain = domain
        self.study = study
        self.facts = facts
        self.plan = plan
        self.seed = seed
        self.members = members
        self.usage = usage
    }

    /// Whether features learnt from those of the same run that were explained before them.
    public var isInWaves: Bool { members.contains { $0.state.beginning?.lessons != nil } }

    public func members(_ kind: Kind) -> [Member] { members.filter { $0.kind == kind } }
}

/// What happened in an inquiry. The journal of events is the only state: everything else is a fold.
public enum InquiryEvent: Codable, Hashable, Sendable {
    case began(Beginning)
    case proposed([HypothesisDraft])
    /// The same, where a language model was asked.
    case consulted(Proposal)
    /// Predictions, written down before anything is measured.
    case registered(Registration)
    /// Inputs that a language model wrote for one hypothesis.
    case devised(Devising)
    case measured([ProbeResult])
    case refined(Refinement)
    /// What people let go on, and what they did not.
    case approved([Approval])
    /// What a language model found unexplained before the inquiry ends.
    case reviewed(Review)
    /// Every hypothesis, scored on the whole tune split.
    case rescored([HypothesisScore])
    /// The outcome in a language model's words. Nothing is decided by it.
    case concluded(Conclusion)
    case openedHeldOut(HeldOutOpening)
    case scored(ScoreCard)
    /// The inquiry ended before it had an explanation.
    case stopped(StopReason)
}

/// What is known of a feature before anything is conjectured, from the propose and tune splits.
public struct Beginning: Codable, Hashable, Sendable {
    public let threshold: FiringThreshold
    /// Share of the corpus (positions of games, or texts) on which the feature is above 0.
    public let density: Double
    /// Games or texts of the propose and of the tune split on which it fires.
    public let proposeExemplars: Int
    public let tuneExemplars: Int
    /// The strongest exemplars of the propose split, highest first.
    public var exemplars: [Exemplar]
    /// What the proposer may read before any probe.
    public let shown: ShownInputs
    /// Named maps over the board: how much more often something holds where the feature fires.
    public let heat: [HeatMap]
    /// What was known of other features; nil where a study is not carried out in waves.
    public var lessons: LessonDraw?

    public init(
        threshold: FiringThreshold, density: Double, proposeExemplars: Int, tuneExemplars: Int,
        exemplars: [Exemplar], shown: ShownInputs, heat: [HeatMap]
    ) {
        self.threshold = threshold
        self.density = density
        self.proposeExemplars = proposeExemplars
        self.tuneExemplars = tuneExemplars
        self.exemplars = exemplars
        self.shown = shown
        self.heat = heat
    }
}

/// The inputs of the propose split that a proposer reads, by their number in it.
public struct ShownInputs: Codable, Hashable, Sendable {
    /// Half of them the strongest, half drawn from all that fire.
    public let exemplars: [Int]
    /// Silent inputs that resemble exemplars.
    public let nearMisses: [Int]
    /// Silent inputs drawn at random.
    public let background: [Int]

    public init(exemplars: [Int] = [], nearMisses: [Int] = [], background: [Int] = []) {
        self.exemplars = exemplars
        self.nearMisses = nearMisses
        self.background = background
    }
}

/// An input on which the feature is known to be high.
public struct Exemplar: Codable, Hashable, Sendable {
    public let input: String
    public let activation: Double
    /// What it does on each token, where the input is a text and the instrument tells.
    public let tokens: [ShadedToken]?

    public init(input: String, activation: Double, tokens: [ShadedToken]? = nil) {
        self.input = input
        self.activation = activation
        self.tokens = tokens
    }
}

/// A token as the subject sees it, with the feature's activation on it.
public struct ShadedToken: Codable, Hashable, Sendable {
    public let text: String
    public let activation: Double

    public init(text: String, activation: Double) {
        self.text = text
        self.activation = activation
    }
}

/// One value for each square of the board, row by row.
public struct HeatMap: Codable, Hashable, Sendable {
    public let name: String
    public let values: [Double]

    public init(name: String, values: [Double]) {
        self.name = name
        self.values = values
    }
}

/// The answer to a request for trials. A trial for which no input could be found has no probes; it
/// is spent all the same, so that an inquiry cannot wait for it for ever.
public struct Registration: Codable, Hashable, Sendable {
    public let requests: [TrialRequest]
    public let probes: [Probe]

    public init(requests: [TrialRequest], probes: [Probe]) {
        self.requests = requests
        self.probes = probes
    }
}

public struct ProbeResult: Codable, Hashable, Sendable {
    public let probe: Int
    public let outcome: Outcome

    public init(probe: Int, outcome: Outcome) {
        self.probe = probe
        self.outcome = outcome
    }
}

/// What a proposer has to say at the start.
public struct Proposal: Codable, Hashable, Sendable {
    /// The leading hypothesis first, then its rivals; empty when there is nothing to say.
    public let drafts: [HypothesisDraft]
    /// How a language model was asked, where one was.
    public let consultation: Consultation?
    /// What else the proposer is to be asked in this inquiry; nil where nothing.
    public let helpers: [Helper]?

    public init(
        drafts: [HypothesisDraft], consultation: Consultation? = nil, helpers: [Helper]? = nil
    ) {
        self.drafts = drafts
        self.consultation = consultation
        self.helpers = helpers
    }
}

/// One question to a language model: which requests it took, and whether the answer was of use.
public struct Consultation: Codable, Hashable, Sendable {
    public let role: String
    /// The keys of the requests, in hexadecimal: the question, then the repair turn if there was one.
    public let requests: [String]
    /// Why the answer was of no use; nil when it was.
    public let failure: String?

    public init(role: String, requests: [String], failure: String?) {
        self.role = role
        self.requests = requests
        self.failure = failure
    }

    /// Whether the first answer did not fit and was asked for once more.
    public var wasRepaired: Bool { requests.count > 1 }
}

/// An attempt to do better than `parent` with everything that was measured.
public struct Refinement: Codable, Hashable, Sendable {
    public let parent: Int
    /// Nil when the proposer has nothing new.
    public let draft: HypothesisDraft?
    /// Balanced accuracy on the evidence, of the parent and of the draft.
    public let parentScore: Double
    public let draftScore: Double
    /// How a language model was asked, where one was.
    public let consultation: Consultation?

    public init(
        parent: Int, draft: HypothesisDraft?, parentScore: Double, draftScore: Double,
        consultation: Consultation? = nil
    ) {
        self.parent = parent
        self.draft = draft
        self.parentScore = parentScore
        self.draftScore = draftScore
        self.consultation = consultation
    }
}

public struct HypothesisScore: Codable, Hashable, Sendable {
    public let hypothesis: Int
    /// On the whole tune split.
    public let balancedAccuracy: Double

    public init(hypothesis: Int, balancedAccuracy: Double) {
        self.hypothesis = hypothesis
        self.balancedAccuracy = balancedAccuracy
    }
}

/// The one time that an inquiry looks at held-out data.
public struct HeldOutOpening: Codable, Hashable, Sendable {
    /// What is independent of each other: games, texts.
    public let groups: Int
    /// What is predicted: positions, texts.
    public let inputs: Int
    /// SHA-256 over the held-out inputs, in order.
    public let digest: String

    public init(groups: Int, inputs: Int, digest: String) {
        self.groups = groups
        self.inputs = inputs
        self.digest = digest
    }

    /// As the first journals have them.
    private enum CodingKeys: String, CodingKey {
        case groups = "games"
        case inputs = "positions"
        case digest
    }
}

public enum StopReason: Codable, Hashable, Sendable {
    /// Fewer games or texts on which it fires than the plan asks for.
    case tooFewExemplars(propose: Int, tune: Int, required: Int)
    /// The proposer found nothing that separates exemplars from the rest.
    case nothingProposed
    /// People let no hypothesis be tested.
    case nothingApproved
    case failed(reason: String)
}

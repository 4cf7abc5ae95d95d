import Statistics

/// A chosen feature of a text with the evidence for it.
public struct MinedFeature: Codable, Hashable, Sendable {
    public var name: String
    public var title: String
    /// What computes it: expression, python or prompt.
    public var kind: String
    /// The expression, the source or the rubric.
    public var definition: String
    /// What it measures, in plain words.
    public var sentence: String
    /// Who proposed it: catalogue, inducer, experience, personas, contraster, reflector.
    public var origin: String
    public var round: Int
    /// The tool's hash.
    public var hash: String
    /// In the score's units, per standard deviation of the feature.
    public var weight: Double
    /// Cross-fitted gain given what was chosen before it, on the select rows.
    public var selectGain: Double
    /// The share of half-samples in which it is chosen.
    public var stability: Double?
    /// Rank correlation with the target on the confirm rows.
    public var confirm: Estimate?
    /// The same with the length of the text and the user's confounders taken out.
    public var partial: Estimate?
    /// What the score's rank correlation loses without it.
    public var gain: Estimate?
    public var pValue: Double
    /// By Benjamini–Hochberg over every tool that was tried.
    public var qValue: Double
    /// The share of confirm rows on which it could not be computed.
    public var missing: Double
    /// Test–retest of a feature that a language model scores: the intraclass correlation.
    public var reliability: Double?
    /// The target where the feature lies in each of its quantiles, on select rows.
    public var effect: [EffectPoint]
    /// Discover rows on which it is highest and lowest.
    public var high: [Excerpt]
    public var low: [Excerpt]

    public init(name: String, title: String, kind: String, definition: String) {
        self.name = name
        self.title = title
        self.kind = kind
        self.definition = definition
        sentence = ""
        origin = ""
        round = 0
        hash = ""
        weight = 0
        selectGain = 0
        pValue = 1
        qValue = 1
        missing = 0
        effect = []
        high = []
        low = []
    }

    /// A quantile of the feature's values.
    public struct EffectPoint: Codable, Hashable, Sendable {
        /// The mean of the feature within it.
        public let value: Double
        /// The mean target, with an interval.
        public let target: Estimate

        public init(value: Double, target: Estimate) {
            self.value = value
            self.target = target
        }
    }

    /// A row's text, cut to a bound, with the stretches that the feature counted.
    public struct Excerpt: Codable, Hashable, Sendable {
        public let text: String
        public let value: Double
        public let target: Double
        /// In characters of `text`, in order, without overlap.
        public let evidence: [Range<Int>]

        public init(text: String, value: Double, target: Double, evidence: [Range<Int>]) {
            self.text = text
            self.value = value
            self.target = target
            self.evidence = evidence
        }
    }
}

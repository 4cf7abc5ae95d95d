import Statistics

/// What a feature does to the model's next token, beside controls.
public struct OutputSide: Codable, Hashable, Sendable {
    /// A token and what one unit of the feature's activation adds to its logit.
    public struct Token: Codable, Hashable, Sendable {
        public let text: String
        public let logit: Double

        public init(text: String, logit: Double) {
            self.text = text
            self.logit = logit
        }
    }

    /// What steering does, as the mean over texts with its interval, in one of two measures.
    public struct Effect: Codable, Hashable, Sendable {
        public let steered: Estimate
        /// Along the direction with the wrong sign.
        public let opposite: Estimate
        /// Along a random direction of the same length.
        public let random: Estimate
        /// Steered less the greater of the two controls, paired by text.
        public let excess: Estimate

        public init(steered: Estimate, opposite: Estimate, random: Estimate, excess: Estimate) {
            self.steered = steered
            self.opposite = opposite
            self.random = random
            self.excess = excess
        }
    }

    /// The greatest first.
    public let promoted: [Token]
    /// The least first.
    public let suppressed: [Token]
    /// What was added to the stream, in units of the feature's activation.
    public let strength: Double
    /// KL divergence of the next token's distribution from the plain one, in nats.
    public let divergence: Effect
    /// Change of the promoted tokens' total probability.
    public let promotion: Effect

    public init(
        promoted: [Token], suppressed: [Token], strength: Double, divergence: Effect,
        promotion: Effect
    ) {
        self.promoted = promoted
        self.suppressed = suppressed
        self.strength = strength
        self.divergence = divergence
        self.promotion = promotion
    }

    /// Whether steering makes the promoted tokens likelier than both controls do, by more than chance:
    /// then what the feature writes is a facet of its own.
    public var isFacet: Bool { (promotion.excess.interval?.low ?? 0) > 0 }
}

extension PlantedFeature {
    /// A rule that is not the truth but holds on nearly the same texts.
    public struct Alternative: Hashable, Sendable {
        public let rule: TextRule
        /// Whether it is no more complex than the truth and holds on 39 of 40 texts that have the truth
        /// and on 1 of 40 others at most.
        public let fitsExemplars: Bool
        /// Of the texts on which it or the truth holds, the share on which both do.
        public let agreement: Double

        static let closeBar = 0.8

        public init(rule: TextRule, fitsExemplars: Bool, agreement: Double) {
            self.rule = rule
            self.fitsExemplars = fitsExemplars
            self.agreement = agreement
        }

        /// Whether hardly any natural text tells it from the truth.
        public var isClose: Bool { agreement >= Self.closeBar }
    }
}

import Digests

/// What a run asks people about.
public enum ApprovalKind: String, Codable, Hashable, Sendable, CaseIterable {
    /// A hypothesis, before anything is spent on testing it.
    case hypothesis
    /// A generated Python tool, before its first run.
    case tool
    /// An explanation, before it enters experience.
    case explanation
    /// A mined feature, before it enters experience.
    case feature
    /// A run's explanations, before they are written out for other tools.
    case export
    /// A pack that scores new rows, before it is written.
    case pack
}

/// What goes on by itself, and what waits until a person has decided. A run keeps it in its manifest.
public struct ApprovalPolicy: Codable, Hashable, Sendable {
    /// When one kind of thing waits: where any of the conditions holds.
    public struct Rule: Codable, Hashable, Sendable {
        public var always: Bool
        /// Waits when it may cost more than this, in the kind's own unit (``ApprovalRequest/cost``).
        public var aboveCost: Double?
        /// Waits when its score is below this, or when there is none.
        public var belowScore: Double?
        /// Waits for a random share, drawn with the run's seed: an audit of what goes on by itself.
        public var share: Double?
        /// How many must decide.
        public var raters: Int
        /// After so many hours without an answer it is not approved.
        public var hours: Double?

        public init(
            always: Bool = false, aboveCost: Double? = nil, belowScore: Double? = nil,
            share: Double? = nil, raters: Int = 1, hours: Double? = nil
        ) {
            self.always = always
            self.aboveCost = aboveCost
            self.belowScore = belowScore
            self.share = share
            self.raters = raters
            self.hours = hours
        }
    }

    /// Items planted among the real ones, as a share of them, to tell how well people decide.
    public struct Controls: Codable, Hashable, Sendable {
        /// The claim of one item over the evidence of another.
        public var shuffled: Double
        /// The same item twice.
        public var duplicate: Double

        public init(shuffled: Double = 0, duplicate: Double = 0) {
            self.shuffled = shuffled
            self.duplicate = duplicate
        }
    }

    /// A kind without a rule goes on by itself.
    public var rules: [String: Rule]
    public var controls: Controls?

    public init(rules: [ApprovalKind: Rule] = [:], controls: Controls? = nil) {
        self.rules = Dictionary(uniqueKeysWithValues: rules.map { ($0.key.rawValue, $0.value) })
        self.controls = controls
    }

    public subscript(kind: ApprovalKind) -> Rule? { rules[kind.rawValue] }

    /// The rule under which something must wait, or nil where it goes on by itself.
    ///
    /// - Parameters:
    ///   - name: names it within the run, for the random share.
    public func rule(
        for kind: ApprovalKind, cost: Double?, score: Double?, name: String, seed: UInt64
    ) -> Rule? {
        guard let rule = self[kind] else { return nil }
        if rule.always { return rule }
        if let limit = rule.aboveCost, let cost, cost > limit { return rule }
        if let bar = rule.belowScore, (score ?? -.infinity) < bar { return rule }
        if let share = rule.share {
            let draw = SHA256.digest(of: "\(seed) audit \(kind.rawValue) \(name)").prefix64
            if Double(draw >> 11) / 0x1p53 < share { return rule }
        }
        return nil
    }
}

extension ApprovalPolicy {
    /// What waits, in words.
    public var words: String {
        let parts = ApprovalKind.allCases.compactMap { kind in
            self[kind].map { "\(kind.rawValue) \($0.words)" }
        }
        return parts.isEmpty ? "nothing" : parts.joined(separator: "; ")
    }
}

extension ApprovalPolicy.Rule {
    fileprivate var words: String {
        var conditions: [String] = always ? ["always"] : []
        if let aboveCost { conditions.append("where it may cost more than \(aboveCost)") }
        if let belowScore { conditions.append("where its score is below \(belowScore)") }
        if let share { conditions.append("for a share of \(share), drawn by lot") }
        var text = conditions.isEmpty ? "never" : conditions.joined(separator: ", ")
        if raters > 1 { text += ", by \(raters) people" }
        if let hours { text += ", for at most \(hours) hours" }
        return text
    }
}

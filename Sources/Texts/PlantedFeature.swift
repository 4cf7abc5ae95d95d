import LinearAlgebra

/// What kind of truth a planted feature has.
public enum PlantedClass: String, Hashable, Sendable, CaseIterable {
    case token, affix, context, conjunction, disjunction, negation, position, polysemantic
    case semanticClass
}

/// A feature of known truth: it fires where a rule holds, with the blemishes of a real one.
///
/// Strength varies from occurrence to occurrence, a stated share of them misses, and related units
/// leak weakly below the threshold. The blemishes depend on the seed and the text alone.
public struct PlantedFeature: Hashable, Sendable {
    public let `class`: PlantedClass
    /// The truth.
    public let rule: TextRule
    public let seed: UInt64
    /// Share of occurrences that stay below the threshold.
    public let noise: Double
    /// Share of related units that are active below the threshold.
    public let leakage: Double
    /// Rules that few natural texts tell from the truth, those that fit exemplars first.
    public let alternatives: [Alternative]

    /// A unit fires when its activation is at least this.
    public static let firingThreshold: Float = 1

    public init(
        class kind: PlantedClass, rule: TextRule, seed: UInt64, noise: Double = 0.03,
        leakage: Double = 0.3, alternatives: [Alternative] = []
    ) {
        self.class = kind
        self.rule = rule
        self.seed = seed
        self.noise = noise
        self.leakage = leakage
        self.alternatives = alternatives
    }

    /// Whether exemplars and as many random texts cannot tell the truth from another rule that is no
    /// more complex: it holds on as good as all of the former and none of the latter.
    public var hasAmbiguousExemplars: Bool { alternatives.contains(where: \.fitsExemplars) }

    /// Whether hardly any text of the corpus tells the truth from another rule: only edited ones do.
    public var isEntangled: Bool { alternatives.contains(where: \.isClose) }

    /// The activation of each unit: from 2.6 to 4.2 where it fires, so that its weakest is over half of
    /// its strongest and a threshold of half the reference tells the two apart; below 0.8 elsewhere,
    /// mostly 0.
    ///
    /// - Complexity: O(units), times the rule's literals.
    public func activations(of text: TextUnits) -> [Float] {
        var generator = SeededGenerator(seed: seed, stream: Self.hash(text.text))
        let kin = Kin(rule)
        var previousHolds = false
        return text.units.indices.map { index in
            let (luck, strength) = (generator.unit(), generator.unit())
            let holds = rule.holds(at: index, in: text)
            defer { previousHolds = holds }
            if holds {
                return luck < noise ? Float(0.5 * strength) : Float(2.6 + 1.6 * strength * strength)
            }
            let isRelated = previousHolds || kin.isRelated(index, text)
            return isRelated && luck < leakage ? Float(0.1 + 0.6 * strength) : 0
        }
    }

    /// The same on every machine and in every run (FNV-1a).
    private static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}

/// Units on which a feature that fires on a rule may leak.
private struct Kin {
    let rule: TextRule
    private let words: Set<String>
    private let affixes: Set<String>

    init(_ rule: TextRule) {
        self.rule = rule
        var words: Set<String> = []
        for literal in rule.facets.flatMap(\.literals) where !literal.negated {
            if case .word(.words(let list)) = literal.property { words.formUnion(list) }
        }
        self.words = words
        affixes = Set(words.filter { $0.count > 4 }.map { String($0.prefix(4)) })
    }

    /// One of the rule's words without its context, one with the same beginning, or a unit where all
    /// but one literal hold.
    func isRelated(_ index: Int, _ text: TextUnits) -> Bool {
        let folded = text.units[index].folded
        if words.contains(folded) { return true }
        if affixes.contains(String(folded.prefix(4))) { return true }
        return rule.facets.contains { facet in
            facet.literals.count > 2
                && facet.literals.count { !$0.holds(at: index, in: text) } == 1
        }
    }
}

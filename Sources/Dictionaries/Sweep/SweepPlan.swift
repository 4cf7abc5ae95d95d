/// What a sweep trains: architectures, each at several sparsities.
///
/// A series is written `NAME[+whitened][+masked]:VALUE,VALUE…`, for instance `topk:8,16` or
/// `p-annealing+whitened:0.02,0.04`. Of TopK's kin the values are k, of JumpReLU the L0 that it is drawn to, of
/// the others λ.
public struct SweepPlan: Sendable, Hashable {
    /// One dictionary of a sweep.
    public struct Entry: Sendable, Hashable {
        /// The folder that it is written to.
        public let name: String
        /// What it shares with the dictionaries that differ from it in sparsity only.
        public let series: String
        /// Its sparsity, as the report says it.
        public let setting: String
        public let plan: TrainingPlan
    }

    public let entries: [Entry]

    /// What is swept where nobody says: every architecture, and what is claimed of p-annealing, whitening
    /// and masking beside what it is claimed over.
    ///
    /// - Parameter latentCount: the values of k are at most an eighth of it.
    public static func usual(latentCount: Int) -> [String] {
        let counts = [4, 8, 16, 32].filter { 8 * $0 <= max(32, latentCount) }
            .map(String.init).joined(separator: ",")
        let weights = "0.06,0.12,0.24,0.48"
        return [
            "standard:\(weights)", "p-annealing:\(weights)", "gated:\(weights)",
            "gated-p-annealing:\(weights)", "topk:\(counts)", "batchtopk:\(counts)",
            "matryoshka:\(counts)", "jumprelu:\(counts)", "topk+whitened:\(counts)",
            "standard+whitened:\(weights)", "topk+masked:\(counts)", "standard+masked:\(weights)",
        ]
    }

    /// Most dictionaries of one sweep.
    private static let limit = 1_000

    /// - Parameters:
    ///   - series: as above.
    ///   - base: the plan that all share but for architecture, whitening and masking.
    /// - Throws: ``DictionaryError/badPlan(field:value:expected:)`` for a series that cannot be read, or a
    ///   plan that cannot be carried out.
    public init(_ series: [String], base: TrainingPlan) throws(DictionaryError) {
        var entries: [Entry] = []
        for text in series { entries += try Self.entries(of: text, base) }
        guard !entries.isEmpty, entries.count <= Self.limit else {
            throw .badPlan(
                field: "sweep", value: "\(entries.count) dictionaries",
                expected: "from 1 to \(Self.limit)")
        }
        var names: Set<String> = []
        for entry in entries {
            try entry.plan.check()
            guard names.insert(entry.name).inserted else {
                throw .badPlan(field: "sweep", value: entry.name, expected: "that is there once")
            }
        }
        self.entries = entries
    }

    private static func entries(
        of text: String, _ base: TrainingPlan
    ) throws(DictionaryError) -> [Entry] {
        let sides = text.split(separator: ":", omittingEmptySubsequences: false)
        let words = (sides.first ?? "").split(separator: "+", omittingEmptySubsequences: false)
        guard sides.count == 2, let name = words.first else {
            throw bad(text, "written as topk:8,16 or standard+whitened:0.02,0.04")
        }
        var plan = base
        for word in words.dropFirst() {
            switch word {
            case "whitened": plan.whitening = plan.whitening ?? .original
            case "masked": plan.masking = plan.masking ?? TemporalMasking()
            default: throw bad(text, "followed by +whitened or +masked, or by nothing")
            }
        }
        var entries: [Entry] = []
        for value in sides[1].split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Double(value), number > 0, number.isFinite else {
                throw bad(text, "with numbers above 0 after the colon")
            }
            plan.architecture = try architecture(String(name), number, text, base.latentCount)
            entries.append(
                Entry(
                    name: "\(sides[0])-\(value)", series: words.joined(separator: ", "),
                    setting: "\(plan.architecture.sparsityName) \(value)", plan: plan))
        }
        return entries
    }

    private static func architecture(
        _ name: String, _ value: Double, _ text: String, _ latentCount: Int
    ) throws(DictionaryError) -> TrainingArchitecture {
        var annealed: SparsityPenalty {
            SparsityPenalty(coefficient: value, finalPower: annealedPower)
        }
        switch name {
        case "standard": return .standard(SparsityPenalty(coefficient: value))
        case "p-annealing": return .standard(annealed)
        case "gated": return .gated(SparsityPenalty(coefficient: value))
        case "gated-p-annealing": return .gated(annealed)
        case "jumprelu": return .jumpReLU(JumpReLUTarget(activeLatents: value))
        default: break
        }
        guard let k = Int(exactly: value) else { throw bad(text, "with whole numbers for k") }
        switch name {
        case "topk": return .topK(k: k)
        case "batchtopk": return .batchTopK(k: k)
        case "matryoshka":
            return .matryoshka(k: k, prefixes: TrainingArchitecture.usualPrefixes(of: latentCount))
        default:
            throw bad(
                text,
                "one of standard, p-annealing, gated, gated-p-annealing, topk, batchtopk, matryoshka "
                    + "or jumprelu")
        }
    }

    /// - Source: Karvonen et al. 2024, p at the end of their runs.
    private static let annealedPower = 0.2

    private static func bad(_ text: String, _ expected: String) -> DictionaryError {
        .badPlan(field: "sweep", value: text, expected: expected)
    }
}

extension TrainingArchitecture {
    /// What a sweep's number is.
    fileprivate var sparsityName: String {
        switch self {
        case .standard, .gated: "λ"
        case .topK, .batchTopK, .matryoshka: "k"
        case .jumpReLU: "target L0"
        }
    }
}

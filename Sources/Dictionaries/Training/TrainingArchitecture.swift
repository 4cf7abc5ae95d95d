import JSON
import LinearAlgebra

/// How a dictionary's latents are made sparse while it is trained, and how sparse.
public enum TrainingArchitecture: Hashable, Sendable {
    /// f = max(pre, 0), with a penalty on f.
    ///
    /// - Source: Bricken et al. 2023, "Towards Monosemanticity"; annealed: Karvonen et al. 2024,
    ///   "Measuring Progress in Dictionary Learning for Language Model Interpretability with Board Game
    ///   Models".
    case standard(SparsityPenalty)
    /// A gate decides which latents are active, a magnitude how strongly; the penalty is on the gate.
    ///
    /// - Source: Rajamanoharan et al. 2024, "Improving Dictionary Learning with Gated Sparse
    ///   Autoencoders".
    case gated(SparsityPenalty)
    /// f = max(pre, 0) of the k greatest of a row.
    ///
    /// - Source: Gao et al. 2024, "Scaling and evaluating sparse autoencoders".
    case topK(k: Int)
    /// f = max(pre, 0) of the k · batch greatest of a batch; used with one threshold for all latents.
    ///
    /// - Source: Bussmann et al. 2024, "BatchTopK Sparse Autoencoders".
    case batchTopK(k: Int)
    /// BatchTopK whose first latents must explain the rows alone.
    ///
    /// `prefixes` are how many latents each level has, increasing; the last is all of them.
    ///
    /// - Source: Bussmann et al. 2025, "Learning Multi-Level Features with Matryoshka Sparse
    ///   Autoencoders".
    case matryoshka(k: Int, prefixes: [Int])
    /// f = pre where it is above the latent's threshold, which is trained as well.
    ///
    /// - Source: Rajamanoharan et al. 2024, "Jumping Ahead: Improving Reconstruction Fidelity with
    ///   JumpReLU Sparse Autoencoders".
    case jumpReLU(JumpReLUTarget)
}

/// λ Σ fᵖ, with p = 1 or falling from 1 in the course of the training.
public struct SparsityPenalty: Hashable, Sendable {
    /// λ at the start, beside a loss of ‖x̂ − x‖² for rows brought to the variance 1.
    public var coefficient: Double
    /// p at the end, above 0 and at most 1; 1 is L1 throughout.
    public var finalPower: Double
    /// The share of steps after which p begins to fall.
    public var annealingStart: Double

    public init(coefficient: Double, finalPower: Double = 1, annealingStart: Double = 0.27) {
        self.coefficient = coefficient
        self.finalPower = finalPower
        self.annealingStart = annealingStart
    }
}

/// What a JumpReLU autoencoder is drawn to: λ (L0 / target − 1)².
public struct JumpReLUTarget: Hashable, Sendable {
    /// How many latents should be active on a row.
    public var activeLatents: Double
    /// λ.
    public var coefficient: Double
    /// How near its threshold a pre-activation must be to move it, for rows brought to the variance 1.
    public var bandwidth: Double

    public init(activeLatents: Double, coefficient: Double = 1, bandwidth: Double = 0.001) {
        self.activeLatents = activeLatents
        self.coefficient = coefficient
        self.bandwidth = bandwidth
    }
}

extension TrainingArchitecture {
    /// The levels of Matryoshka where nobody says: a sixteenth of the latents, and twice as many each time.
    public static func usualPrefixes(of latentCount: Int) -> [Int] {
        var counts = [16, 8, 4, 2, 1].map { latentCount / $0 }.filter { $0 > 0 }
        counts = counts.enumerated().filter { $0 == 0 || $1 > counts[$0 - 1] }.map(\.element)
        return counts
    }

    /// - Throws: ``DictionaryError/badPlan(field:value:expected:)``.
    func check(latentCount: Int) throws(DictionaryError) {
        switch self {
        case .topK(let k): try Self.check(k: k, latentCount)
        case .batchTopK(let k): try Self.check(k: k, latentCount)
        case .matryoshka(let k, let prefixes):
            try Self.check(k: k, latentCount)
            try Self.check(prefixes: prefixes, latentCount)
        case .standard(let penalty): try penalty.check()
        case .gated(let penalty): try penalty.check()
        case .jumpReLU(let target): try target.check(latentCount: latentCount)
        }
    }

    private static func check(k: Int, _ latentCount: Int) throws(DictionaryError) {
        guard (1...latentCount).contains(k) else {
            throw .badPlan(
                field: "k", value: "\(k)",
                expected: "from 1 to the number of latents, which is \(latentCount)")
        }
    }

    private static func check(prefixes: [Int], _ latentCount: Int) throws(DictionaryError) {
        let increases = zip(prefixes, prefixes.dropFirst()).allSatisfy(<)
        guard let first = prefixes.first, first > 0, increases, prefixes.last == latentCount else {
            throw .badPlan(
                field: "prefixes", value: prefixes.map(String.init).joined(separator: ","),
                expected:
                    "of latents per level, each greater than the one before, the last "
                    + "\(latentCount)")
        }
    }

    /// The trainer of this architecture, its weights as they begin.
    func trainer(
        _ setting: TrainerSetting, _ generator: inout SeededGenerator
    ) throws(DictionaryError) -> any DictionaryTrainer {
        switch self {
        case .topK(let k): TopKTrainer(setting, k: k, &generator)
        case .batchTopK(let k): TopKTrainer(setting, k: k, selection: .batch, &generator)
        case .matryoshka(let k, let prefixes):
            TopKTrainer(setting, k: k, selection: .batch, prefixes: prefixes, &generator)
        case .standard(let penalty): PenaltyTrainer(standard: penalty, setting, &generator)
        case .gated(let penalty): PenaltyTrainer(gated: penalty, setting, &generator)
        case .jumpReLU(let target): PenaltyTrainer(jumpReLU: target, setting, &generator)
        }
    }

    /// For the dictionary's configuration.
    public var json: JSONValue {
        switch self {
        case .topK(let k): ["name": "topk", "k": .integer(k)]
        case .batchTopK(let k): ["name": "batchtopk", "k": .integer(k)]
        case .matryoshka(let k, let prefixes):
            [
                "name": "matryoshka", "k": .integer(k),
                "prefixes": .array(prefixes.map { .integer($0) }),
            ]
        case .standard(let penalty): penalty.json(named: "standard")
        case .gated(let penalty): penalty.json(named: "gated")
        case .jumpReLU(let target): target.json
        }
    }
}

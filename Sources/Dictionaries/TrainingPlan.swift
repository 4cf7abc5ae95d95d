// Dictionaries: sparse autoencoders trained on a model's activations.
//
// Read `TrainingPlan` (the numbers), `ActivationSource` (where rows come from), `DictionaryTraining` (what
// is done), `TopKTrainer` (the mathematics of one architecture) and `TrainedDictionary` (what is written).
// This module knows nothing of hypotheses, nor of what a latent means.

import JSON

/// How a dictionary is trained. With the source of the activations, everything here decides the weights;
/// the number of threads does not.
///
/// Dictionaries that are trained together share a stream of activations: they must agree in what decides
/// it (``sharesStream(with:)``), and each comes out as if it had been trained alone.
public struct TrainingPlan: Sendable, Hashable {
    /// F, how many latents the dictionary has.
    public var latentCount: Int
    /// How they are made sparse.
    public var architecture: TrainingArchitecture
    /// How many activations are trained on; a corpus that has fewer is gone through again.
    public var tokens: Int
    /// Activations of a step.
    public var batchSize: Int
    /// Adam's greatest step, or nil for 2e-4 · √(2¹⁴ / F), as Gao et al. found best for TopK.
    public var learningRate: Double?
    /// The share of steps over which the rate rises from 0.
    public var warmUpShare = 0.05
    /// The share of steps, the last, over which it falls to 0.
    public var decayShare = 0.2
    /// The weight of what dead latents must explain, beside what live ones must.
    public var deadWeight = 1.0 / 32
    /// How many dead latents may be active on a token, or nil for half of the width.
    public var deadCount: Int?
    /// A latent that has not fired on so many activations counts as dead; nil for a twentieth of
    /// ``tokens``, at most 10 million.
    public var deadAfter: Int?
    /// The norm that all gradients together have at most, longer ones being shortened to it; nil for any.
    public var clipping: Double?
    /// Leaves latents that matter little out of some steps, or nil for none.
    public var masking: TemporalMasking?
    /// The share of steps over which the penalty of a standard, gated or JumpReLU dictionary rises from 0.
    public var penaltyWarmUpShare = 0.05
    /// Gives silent latents of a standard or gated dictionary new directions, or nil for none.
    public var resampling: Resampling?
    /// Tokens of a context, without the first token that the model wants.
    public var contextLength: Int
    /// The share of documents that are kept from training, to be measured at the end.
    public var heldOutShare: Double
    /// Decides every random choice.
    public var seed: UInt64
    /// Decides how weights begin where they shall differ from those of ``seed``, or nil.
    public var weightSeed: UInt64?
    /// The positions of a context whose activations are used, the first being 0, or nil for all.
    public var positions: [ClosedRange<Int>]?
    /// Activations longer than so many times the median are left out, or nil for none: a few tokens of some
    /// models are hundreds of times longer than all others.
    public var normLimit: Double?
    /// Where b_dec begins.
    public var centre = Centre.mean
    /// Whether activations are made uncorrelated first, and where the loss is measured then; nil for not.
    public var whitening: WhiteningLoss?
    /// How many bytes of activations are held and shuffled at a time.
    public var poolByteLimit = 256 << 20

    /// A middle of the activations.
    public enum Centre: String, Hashable, Sendable, CaseIterable {
        case mean
        /// The point whose distances to them have the least sum: what is far away moves it little.
        case median
    }

    /// Which errors count while activations are whitened.
    public enum WhiteningLoss: String, Hashable, Sendable, CaseIterable {
        /// Those of the activations as they were.
        ///
        /// - Source: Saraswatula and Klindt 2025, "Data Whitening Improves Sparse Autoencoder Learning".
        case original
        /// Those of the whitened ones, as in SAELens.
        case whitened
    }

    public init(
        latentCount: Int, architecture: TrainingArchitecture, tokens: Int, batchSize: Int = 1024,
        learningRate: Double? = nil,
        contextLength: Int = 128, heldOutShare: Double = 0.1, seed: UInt64 = 1
    ) {
        self.latentCount = latentCount
        self.architecture = architecture
        self.tokens = tokens
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.contextLength = contextLength
        self.heldOutShare = heldOutShare
        self.seed = seed
    }

    /// How many steps there are.
    public var stepCount: Int { tokens / batchSize }

    var greatestRate: Double {
        learningRate ?? 2e-4 * (16_384 / Double(latentCount)).squareRoot()
    }

    var patience: Int { deadAfter ?? min(10_000_000, max(1, tokens / 20)) }

    /// The rate of a step, counted from 0.
    func rate(at step: Int) -> Float {
        let count = Double(stepCount)
        let rise = (Double(step) + 1) / max(1, warmUpShare * count)
        let fall = (count - Double(step)) / max(1, decayShare * count)
        return Float(greatestRate * min(1, rise, fall))
    }

    /// The share of its penalty that holds in a step, counted from 0.
    func penaltyShare(at step: Int) -> Double {
        min(1, Double(step) / max(1, penaltyWarmUpShare * Double(stepCount)))
    }

    /// - Throws: ``DictionaryError/badPlan(field:value:expected:)``.
    func check() throws(DictionaryError) {
        try Self.check("latents", latentCount, in: 1...1 << 20)
        try architecture.check(latentCount: latentCount)
        try Self.check("batch", batchSize, in: 1...65_536)
        guard tokens >= batchSize else {
            throw .badPlan(
                field: "tokens", value: "\(tokens)",
                expected: "of at least one batch, which is \(batchSize)")
        }
        try Self.check("tokens", tokens, in: 1...1 << 40)
        try Self.check("context-length", contextLength, in: 1...32_768)
        try Self.check("dead latents at once", deadCount ?? 1, in: 1...latentCount)
        try Self.check("tokens until a latent is dead", patience, in: 1...1 << 40)
        if let clipping, !(clipping > 0 && clipping.isFinite) {
            throw .badPlan(field: "clipping", value: "\(clipping)", expected: "above 0")
        }
        try masking?.check()
        try checkStream()
        try checkPenalty()
        let rates = [("learning-rate", greatestRate), ("held-out", heldOutShare)]
        for (name, value) in rates where !(value > 0 && value < 1) {
            throw .badPlan(field: name, value: "\(value)", expected: "between 0 and 1")
        }
    }

    private func checkStream() throws(DictionaryError) {
        try Self.check("buffer bytes", poolByteLimit, in: 1 << 20...1 << 40)
        if let normLimit, !(normLimit >= 1 && normLimit.isFinite) {
            throw .badPlan(field: "norm-limit", value: "\(normLimit)", expected: "of at least 1")
        }
        guard let positions else { return }
        guard !positions.isEmpty, positions.allSatisfy({ $0.lowerBound >= 0 }) else {
            throw .badPlan(
                field: "positions", value: "\(positions)", expected: "or ranges, from 0 on")
        }
    }

    /// Whether both are trained on the same batches.
    public func sharesStream(with other: TrainingPlan) -> Bool {
        stream == other.stream
    }

    /// The plan without what only the dictionary itself depends on.
    private var stream: TrainingPlan {
        var plan = TrainingPlan(
            latentCount: 1, architecture: .topK(k: 1), tokens: tokens, batchSize: batchSize,
            contextLength: contextLength, heldOutShare: heldOutShare, seed: seed)
        plan.positions = positions
        plan.normLimit = normLimit
        plan.centre = centre
        plan.whitening = whitening
        plan.poolByteLimit = poolByteLimit
        return plan
    }

    static func check(
        _ field: String, _ value: Int, in range: ClosedRange<Int>
    ) throws(DictionaryError) {
        guard range.contains(value) else {
            throw .badPlan(
                field: field, value: "\(value)",
                expected: "from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}

extension TrainingPlan {
    /// For the dictionary's configuration.
    var json: JSONValue {
        let always: JSONValue = [
            "tokens": .integer(stepCount * batchSize),
            "batch_size": .integer(batchSize), "learning_rate": .number(greatestRate),
            "warm_up": .number(warmUpShare), "decay": .number(decayShare),
            "aux_k_weight": .number(deadWeight), "dead_after": .integer(patience),
            "held_out": .number(heldOutShare), "seed": .string(String(seed)),
        ]
        let chosen = [
            ("clipping", clipping.map { .number($0) }), ("masking", masking?.json),
            ("penalty_warm_up", architecture.hasPenalty ? .number(penaltyWarmUpShare) : nil),
            ("resampling", resampling?.json),
            ("weight_seed", weightSeed.map { .string(String($0)) }),
            ("positions", positions.map { .string(Self.text($0)) }),
            ("norm_limit", normLimit.map { .number($0) }),
            ("centre", centre == .mean ? nil : .string(centre.rawValue)),
            ("whitening", whitening.map { .string($0.rawValue) }),
        ].compactMap { name, value in value.map { JSONValue.Member(name: name, value: $0) } }
        guard case .object(let members) = always else { return always }
        return .object([kind] + members + chosen)
    }

    /// A TopK plan has its k alone, as the first dictionaries had it.
    private var kind: JSONValue.Member {
        if case .topK(let k) = architecture { return .init(name: "k", value: .integer(k)) }
        return .init(name: "architecture", value: architecture.json)
    }

    private static func text(_ ranges: [ClosedRange<Int>]) -> String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}

import Foundation
import JSON
import LinearAlgebra

/// Adaptive temporal masking: latents that have mattered little lately are left out of some steps, so
/// that the others must do without them.
///
/// Experimental. The publication leaves open how its three averages are joined, how fast they forget, c,
/// r and how long the warm-up is; the choices made here are said at each field and in ``TemporalMask``.
///
/// - Source: Li and Ren 2025, "Adaptive Temporal Masking" (arXiv 2510.08855).
public struct TemporalMasking: Hashable, Sendable {
    /// The share of an average that stays at each step (our choice: 0.99).
    public var decay = 0.99
    /// c: so many standard deviations above the mean importance masking begins (our choice: 0).
    public var deviations = 0.0
    /// r: how steeply the probability rises below the threshold (our choice: 1).
    public var steepness = 1.0
    /// The share of steps, the first, that mask nothing (our choice: 0.1).
    public var warmUpShare = 0.1

    public init() {}

    /// For the dictionary's configuration.
    var json: JSONValue {
        [
            "decay": .number(decay), "deviations": .number(deviations),
            "steepness": .number(steepness), "warm_up": .number(warmUpShare),
        ]
    }

    /// - Throws: ``DictionaryError/badPlan(field:value:expected:)``.
    func check() throws(DictionaryError) {
        for (name, value, range) in [
            ("mask decay", decay, 0...0.999_999), ("mask deviations", deviations, -10...10),
            ("mask steepness", steepness, 0...1_000), ("mask warm-up", warmUpShare, 0...1),
        ] where !range.contains(value) {
            throw .badPlan(
                field: name, value: "\(value)",
                expected: "from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}

/// What a latent did in a batch.
struct LatentUse: Hashable, Sendable {
    /// On how many rows it was active.
    var rows = 0
    /// Σ f.
    var activation: Float = 0
    /// By how much ‖x − x̂‖² would be greater without it: Σ f² ‖w‖² − 2 f w · (x̂ − x), where w is its
    /// decoder row.
    var contribution: Float = 0

    /// Adds a row on which the latent is active.
    ///
    /// - Parameters:
    ///   - f: its activation.
    ///   - likeness: w · (x̂ − x).
    ///   - square: ‖w‖².
    mutating func add(_ f: Float, likeness: Float, square: Float = 1) {
        rows += 1
        activation += f
        contribution += f * (f * square - 2 * likeness)
    }
}

/// Which latents are left out of a step.
///
/// For each latent moving averages are kept of how strongly it acts when it does, on which share of rows,
/// and by how much it lessens the error. Each is divided by its mean over all latents, and the mean of the
/// three is the importance I. With θ = mean I + c · deviation of I, a latent below θ is masked with the
/// probability 1 − exp(−r (θ − I) / θ), for a whole step. The averages of a masked latent stand still, as
/// nothing was seen of it. The saved autoencoder masks nothing.
///
/// A step: ``begin(_:)``, then leave out what ``isMasked(_:)`` says, then ``note(_:rows:)``. Which latents
/// are drawn depends on the seed, the step's number and the averages alone.
struct TemporalMask: Sendable {
    let plan: TemporalMasking
    /// How many steps, the first, mask nothing: at least one.
    let warmUp: Int
    private(set) var seed: UInt64
    /// Mean activation where active, share of rows, and contribution per row, of each latent.
    private(set) var averages: [[Double]]
    /// How many batches were noted.
    private(set) var noted = 0
    private(set) var masked: [Bool]

    init(_ plan: TemporalMasking, latentCount: Int, stepCount: Int, seed: UInt64) {
        self.plan = plan
        self.seed = seed
        warmUp = max(1, Int((plan.warmUpShare * Double(stepCount)).rounded(.up)))
        averages = [[Double]](repeating: [Double](repeating: 0, count: latentCount), count: 3)
        masked = [Bool](repeating: false, count: latentCount)
    }

    /// The mask of a plan, or nil if it has none. Weights begin the same with and without it.
    init?(_ plan: TrainingPlan) {
        guard let masking = plan.masking else { return nil }
        self.init(
            masking, latentCount: plan.latentCount, stepCount: plan.stepCount,
            seed: plan.seed)
    }

    /// Whether a latent is left out of the step that has begun.
    func isMasked(_ latent: Int) -> Bool { masked[latent] }

    /// The probability that a latent is masked once the warm-up is over, of each.
    var probabilities: [Double] {
        let importance = importance
        let count = Double(importance.count)
        let mean = importance.reduce(0, +) / count
        let variance = importance.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let threshold = mean + plan.deviations * variance.squareRoot()
        return importance.map {
            $0 < threshold
                ? 1 - exp(-plan.steepness * (threshold - $0) / threshold) : 0
        }
    }

    /// I of each latent; its mean is 1, or all are 0.
    var importance: [Double] {
        var sums = [Double](repeating: 0, count: masked.count)
        for average in averages {
            // A latent that makes the error greater has a contribution below 0; it matters not at all.
            let total = average.reduce(0) { $0 + max(0, $1) }
            guard total > 0 else { continue }
            let scale = Double(masked.count) / (3 * total)
            for latent in sums.indices { sums[latent] += scale * max(0, average[latent]) }
        }
        return sums
    }

    /// Draws the latents that are left out.
    ///
    /// - Parameter step: its number, from 0.
    mutating func begin(_ step: Int) {
        guard step >= warmUp else {
            for latent in masked.indices { masked[latent] = false }
            return
        }
        var generator = SeededGenerator(seed: seed, stream: UInt64(step))
        for (latent, probability) in probabilities.enumerated() {
            masked[latent] = probability > 0 && generator.unit() < probability
        }
    }

    /// Brings the averages up to a batch.
    ///
    /// - Parameters:
    ///   - uses: of each latent.
    ///   - rows: of the batch.
    mutating func note(_ uses: [LatentUse], rows: Int) {
        precondition(uses.count == masked.count, "\(uses.count) uses of \(masked.count) latents")
        let kept = noted == 0 ? 0 : plan.decay
        func update(_ part: Int, _ latent: Int, _ seen: Double) {
            averages[part][latent] = kept * averages[part][latent] + (1 - kept) * seen
        }
        for (latent, use) in uses.enumerated() where !masked[latent] {
            update(0, latent, use.rows > 0 ? Double(use.activation) / Double(use.rows) : 0)
            update(1, latent, Double(use.rows) / Double(rows))
            update(2, latent, Double(use.contribution) / Double(rows))
        }
        noted += 1
    }
}

extension TemporalMask {
    /// Puts what the next step depends on into a state.
    func save(in state: inout TrainerState) {
        state.counters["mask"] = [noted, Int(bitPattern: UInt(seed))]
        for (part, values) in averages.enumerated() { state.numbers["mask.\(part)"] = values }
    }

    /// - Throws: ``DictionaryError/foreignState(reason:)`` if it holds no mask of as many latents.
    mutating func restore(from state: TrainerState) throws(DictionaryError) {
        let parts = (0..<3).map { state.numbers["mask.\($0)"] ?? [] }
        guard let counters = state.counters["mask"], counters.count == 2, counters[0] >= 0,
            parts.allSatisfy({ $0.count == masked.count })
        else { throw .foreignState(reason: "it holds no mask of \(masked.count) latents") }
        averages = parts
        noted = counters[0]
        seed = UInt64(UInt(bitPattern: counters[1]))
    }
}

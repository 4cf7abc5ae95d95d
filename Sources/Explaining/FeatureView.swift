import Digests
import Games
import LinearAlgebra

/// One feature's activations on the splits that an inquiry may see, and on new inputs.
struct FeatureView: Sendable {
    let feature: Feature
    let propose: [Float]
    let tune: [Float]
    private let seed: UInt64
    /// Subtracted from a direction's projection, so that it fires as rarely as a latent does.
    private let bias: Float

    /// Share of positions on which a direction is above its bias.
    static let directionDensity = 0.02

    init(_ feature: Feature, propose: Split<Propose>, tune: Split<Tune>, seed: UInt64) {
        self.feature = feature
        self.seed = seed
        if case .direction(let index) = feature {
            bias = Feature.bias(
                propose.readings.values(along: index), density: Self.directionDensity)
        } else {
            bias = 0
        }
        self.propose = Self.activations(
            feature, propose.readings, usable: propose.pool.usable, bias: bias, seed: seed, salt: 1)
        self.tune = Self.activations(
            feature, tune.readings, usable: tune.pool.usable, bias: bias, seed: seed, salt: 2)
    }

    /// The feature's activations on opened held-out games.
    func heldOut(_ readings: PoolReadings, usable: BitSet) -> [Float] {
        Self.activations(feature, readings, usable: usable, bias: bias, seed: seed, salt: 3)
    }

    /// Whether new inputs must be measured; a shuffled feature only deals out known values.
    var needsInstrument: Bool {
        if case .shuffled = feature { false } else { true }
    }

    /// The activation on an input that is in no split.
    func activation(_ reading: Reading) -> Float {
        switch feature {
        case .latent(let index): reading.value(ofLatent: index)
        case .direction(let index): max(0, Float(reading.directions[index]) - bias)
        case .shuffled: preconditionFailure("a shuffled feature is not measured")
        }
    }

    /// For a shuffled feature: the value that the input with this transcript is dealt, the same one
    /// every time, from the values of the tune split.
    func dealt(to transcript: String) -> Float {
        let draw = SHA256.digest(of: "\(seed) \(feature.name) \(transcript)").prefix64
        return tune[Int(draw % UInt64(tune.count))]
    }

    private static func activations(
        _ feature: Feature, _ readings: PoolReadings, usable: BitSet, bias: Float, seed: UInt64,
        salt: UInt64
    ) -> [Float] {
        switch feature {
        case .latent(let index): return readings.activations(ofLatent: index)
        case .direction(let index):
            return readings.values(along: index).map { max(0, $0 - bias) }
        case .shuffled(let latent, let replicate):
            var values = readings.activations(ofLatent: latent)
            let members = usable.members
            var order = members
            let stream = Feature.shuffled(latent: latent, replicate: replicate).stream
            var generator = SeededGenerator(seed: seed &+ salt, stream: stream)
            order.shuffle(using: &generator)
            let old = values
            for (target, source) in zip(members, order) { values[target] = old[source] }
            return values
        }
    }
}

extension Feature {
    /// What to subtract from a direction's projections so that a share of them, the highest, is above 0.
    static func bias(_ values: [Float], density: Double) -> Float {
        let sorted = values.sorted()
        guard let last = sorted.last else { return 0 }
        let rank = Int(Double(sorted.count) * (1 - density))
        return rank < sorted.count ? sorted[rank] : last
    }
}

import Digests
import LinearAlgebra
import Texts

/// What a feature of a text study is to the instrument, and what is made of the readings: a latent as it
/// is, a shuffled twin with its values dealt anew, a direction above a bias.
struct TextFeatureView: Sendable {
    let feature: Feature
    private let seed: UInt64
    /// Subtracted from a direction's projection, so that it is above 0 on few texts.
    private let bias: Float

    /// Share of texts on which a direction is above its bias.
    static let directionDensity = 0.1

    /// - Parameter propose: what the instrument says of the propose split.
    init(_ feature: Feature, propose: TextPoolReadings, seed: UInt64) {
        self.feature = feature
        self.seed = seed
        if case .direction = feature {
            bias = Feature.bias(
                propose.usable.members.map { propose.values[$0] }, density: Self.directionDensity)
        } else {
            bias = 0
        }
    }

    /// Whether new inputs must be measured; a shuffled feature only deals out known values.
    var needsInstrument: Bool {
        if case .shuffled = feature { false } else { true }
    }

    func activation(_ value: Float) -> Float {
        if case .direction = feature { max(0, value - bias) } else { value }
    }

    /// The feature on the texts of a pool.
    ///
    /// - Parameter salt: different for every pool.
    func readings(
        _ raw: TextPoolReadings, of pool: TextPool, salt: UInt64
    ) -> TextPoolReadings {
        switch feature {
        case .latent: return raw
        case .direction:
            return TextPoolReadings(
                values: raw.values.map(activation), places: raw.places, usable: raw.usable)
        case .shuffled:
            let members = raw.usable.members
            var order = members
            var generator = SeededGenerator(seed: seed &+ salt, stream: feature.stream)
            order.shuffle(using: &generator)
            var values = raw.values
            var places = raw.places
            for (target, source) in zip(members, order) {
                values[target] = raw.values[source]
                // As far into the text as the value was into the one that it comes from.
                let count = max(1, pool.texts[target].units.count)
                places[target] = raw.places[source].map { $0 % count }
            }
            return TextPoolReadings(values: values, places: places, usable: raw.usable)
        }
    }

    /// For a shuffled feature: the value that a text in no split is dealt, the same one every time, from
    /// the values of the tune split.
    func dealt(to text: String, from tune: TextPoolReadings) -> Float {
        let draw = SHA256.digest(of: "\(seed) \(feature.name) \(text)").prefix64
        return tune.values.isEmpty ? 0 : tune.values[Int(draw % UInt64(tune.values.count))]
    }
}

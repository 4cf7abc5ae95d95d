import Digests
import Instruments
import LinearAlgebra
import Texts

/// An instrument whose truth is known: planted features first, then null features, which fire at
/// random and know nothing of the text.
///
/// Its tokens are the units of ``TextUnits``.
public struct PlantedTextInstrument: TextInstrument {
    public let features: [PlantedFeature]
    public let nullCount: Int
    public let seed: UInt64
    public let identity: Digest
    public let name = "planted features"
    public var latentCount: Int? { features.count + nullCount }
    public var batchSize: Int { 256 }

    /// - Parameter nullCount: how many latents that fire at random follow the features.
    public init(features: [PlantedFeature], nullCount: Int, seed: UInt64) {
        self.features = features
        self.nullCount = nullCount
        self.seed = seed
        var hash = SHA256()
        hash.update("planted/1 \(seed) \(nullCount)\n")
        for feature in features {
            hash.update(
                "\(feature.seed) \(feature.noise) \(feature.leakage) \(feature.rule.formula)\n")
        }
        identity = hash.finalize()
    }

    public func readings(
        of texts: [String], latents: [Int]
    ) async throws(InstrumentError) -> [TextOutcome] {
        try check(latents: latents)
        return texts.map { text in
            let units = TextUnits(text)
            guard !units.units.isEmpty else { return .failed(reason: "the text has no tokens") }
            return .reading(
                TextReading(
                    tokens: units.units.map {
                        .init(text: $0.text, bytes: $0.bytes, isSpecial: false)
                    },
                    values: latents.map { activations($0, units) }))
        }
    }

    private func activations(_ latent: Int, _ units: TextUnits) -> [Float] {
        guard latent >= features.count else { return features[latent].activations(of: units) }
        return Self.random(latent, units, seed: seed)
    }

    /// A null feature: fires on a share of texts of its own, from 2 to 20 %, at a random unit.
    private static func random(_ latent: Int, _ units: TextUnits, seed: UInt64) -> [Float] {
        let content = SHA256.digest(of: "\(seed) null \(latent) " + units.text).prefix64
        var own = SeededGenerator(seed: seed, stream: UInt64(latent) &* 2 &+ 1)
        let rate = 0.02 + 0.18 * own.unit()
        var generator = SeededGenerator(seed: content, stream: UInt64(latent))
        var values = [Float](repeating: 0, count: units.units.count)
        let place = generator.below(units.units.count)
        let strength = generator.unit()
        if generator.unit() < rate {
            values[place] = Float(2.6 + 1.6 * strength * strength)
        } else if generator.unit() < 0.2 {
            values[place] = Float(0.6 * strength)
        }
        return values
    }
}

import LinearAlgebra
import Subjects

@testable import Dictionaries

/// Rows that are sums of planted directions, each of which is a property, and a dictionary of them.
struct PlantedEvaluation {
    let dictionary: SparseAutoencoder
    let training: EvaluationRows
    let test: EvaluationRows

    /// - Parameter extra: latents of random directions beside the planted ones.
    init(
        seed: UInt64, width: Int = 16, properties: Int = 6, extra: Int = 10, games: Int = 24,
        moves: Int = 12, noise: Double = 0.05
    ) {
        var g = SeededGenerator(seed: seed)
        func direction() -> [Float] {
            let row = (0..<width).map { _ in g.normal() }
            let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return row.map { Float($0 / length) }
        }
        let decoder = Matrix((0..<properties + extra).map { _ in direction() })
        func rows() -> EvaluationRows {
            var values: [[Float]] = []
            var holds: [[Bool]] = []
            for _ in 0..<games * moves {
                let active = (0..<properties).map { _ in g.unit() < 0.3 }
                holds.append(active)
                values.append(
                    (0..<width).map { c in
                        active.indices.reduce(Float(noise * g.normal())) {
                            $0 + (active[$1] ? 2 * decoder[$1, c] : 0)
                        }
                    })
            }
            return EvaluationRows(
                values: Matrix(values),
                properties: PropertyBits(
                    names: (0..<properties).map { "p\($0)" }, rowCount: holds.count
                ) { holds[$1][$0] }, groups: (0..<games * moves).map { $0 / moves })
        }
        training = rows()
        test = rows()
        dictionary = SparseAutoencoder(
            .init(
                encoder: decoder.transposed(),
                encoderBias: [Float](repeating: -0.8, count: properties + extra), decoder: decoder,
                decoderBias: [Float](repeating: 0, count: width)),
            architecture: .standard, name: "planted")
    }

    func evaluation(threads: Int = 1) throws -> DictionaryEvaluation {
        var settings = DictionaryEvaluation.Settings(threads: threads)
        settings.resampling.replicates = 200
        settings.perturbedLatents = 1
        return try DictionaryEvaluation(
            training: training, test: test, place: "planted rows", settings: settings)
    }
}

/// Random activations and properties, with no relation.
func randomTable(
    rows: Int, latents: Int, properties: Int, _ g: inout SeededGenerator
) -> (sparse: [SparseRow], LatentTable, PropertyBits) {
    let sparse = (0..<rows).map { _ in
        let active = (0..<latents).filter { _ in g.unit() < 0.3 }
        return SparseRow(
            indices: active.map { UInt32($0) }, values: active.map { _ in Float(g.unit() + 1e-3) })
    }
    let shares = (0..<properties).map { _ in g.unit() * 0.6 }
    let bits = PropertyBits(names: (0..<properties).map { "p\($0)" }, rowCount: rows) {
        property, _ in g.unit() < shares[property]
    }
    return (sparse, LatentTable(sparse, latentCount: latents), bits)
}

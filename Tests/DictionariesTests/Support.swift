import LinearAlgebra

@testable import Dictionaries

/// A setting for rows of mean 0 and variance `width`.
func setting(
    width: Int, latents: Int, k: Int, batch: Int, deadWeight: Float = 1 / 32,
    deadAfter: Int = 1 << 40, threads: Int = 1
) -> TopKTrainer.Setting {
    TopKTrainer.Setting(
        width: width, latentCount: latents, k: k, deadCount: max(1, width / 2),
        deadWeight: deadWeight, deadAfter: deadAfter, batchSize: batch,
        mean: [Float](repeating: 0, count: width), variance: Float(width), threads: threads)
}

/// Sums of a few of some directions: data whose dictionary is known.
struct PlantedRows {
    /// Of length 1.
    let directions: [[Float]]
    let active: Int
    var generator: SeededGenerator

    init(width: Int, count: Int, active: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        directions = (0..<count).map { _ in
            let row = (0..<width).map { _ in generator.normal() }
            let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return row.map { Float($0 / length) }
        }
        self.active = active
        self.generator = generator
    }

    mutating func fill(_ rows: RowView) {
        rows.fill(0)
        for r in 0..<rows.count {
            for direction in generator.sample(active, of: directions.count) {
                let strength = Float(2 + 2 * generator.unit())
                for c in 0..<rows.width { rows.row(r)[c] += strength * directions[direction][c] }
            }
        }
    }
}

extension TopKTrainer {
    /// Trains on rows as they come.
    @discardableResult
    func train(on rows: inout PlantedRows, steps: Int, rate: Float) -> [TrainingLoss] {
        (0..<steps).map { _ in
            rows.fill(batch.view(setting.batchSize))
            return step(rate: rate)
        }
    }

    var decoderNorms: [Float] {
        (0..<setting.latentCount).map {
            let row = decoder.values.row($0)
            return RowKernels.dot(row, row, count: setting.width).squareRoot()
        }
    }
}

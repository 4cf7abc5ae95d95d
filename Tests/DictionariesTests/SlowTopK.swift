import LinearAlgebra

@testable import Dictionaries

/// The loss of a TopK, BatchTopK or Matryoshka autoencoder as it is written down, in double precision.
struct SlowTopK {
    var encoder: [[Double]]
    var encoderBias: [Double]
    var decoder: [[Double]]
    var decoderBias: [Double]
    let rows: [[Double]]
    let dead: [Int]
    let masked: [Bool]
    let setting: TopKTrainer.Setting

    init(_ trainer: TopKTrainer) {
        func doubles(_ matrix: Matrix) -> [[Double]] {
            (0..<matrix.rows).map { matrix.row($0).map(Double.init) }
        }
        setting = trainer.setting
        encoder = doubles(trainer.encoder.matrix)
        encoderBias = doubles(trainer.encoderBias.matrix)[0]
        decoder = doubles(trainer.decoder.matrix)
        decoderBias = doubles(trainer.decoderBias.matrix)[0]
        let batch = trainer.batch.view(setting.batchSize)
        rows = (0..<batch.count).map { r in (0..<batch.width).map { Double(batch.row(r)[$0]) } }
        let masked =
            trainer.mask?.masked ?? [Bool](repeating: false, count: setting.latentCount)
        self.masked = masked
        dead = trainer.silence.indices.filter {
            trainer.silence[$0] >= trainer.setting.deadAfter && !masked[$0]
        }
    }

    private func sum(_ latents: [Int], _ pre: [Double]) -> [Double] {
        var sum = [Double](repeating: 0, count: setting.width)
        for latent in latents where pre[latent] > 0 {
            for c in sum.indices { sum[c] += pre[latent] * decoder[latent][c] }
        }
        return sum
    }

    private var pre: [[Double]] {
        rows.map { x in
            encoder.indices.map { latent in
                x.indices.reduce(encoderBias[latent]) {
                    $0 + (x[$1] - decoderBias[$1]) * encoder[latent][$1]
                }
            }
        }
    }

    /// The latents that act on each row.
    func chosen(_ pre: [[Double]]) -> [[Int]] {
        let free = encoder.indices.filter { !masked[$0] }
        switch setting.selection {
        case .row:
            return pre.map { pre in
                Array(free.sorted { pre[$0] > pre[$1] }.prefix(setting.k))
            }
        case .batch:
            let all = pre.indices.flatMap { row in free.map { (row, $0) } }
                .sorted { pre[$0.0][$0.1] > pre[$1.0][$1.1] }
                .prefix(setting.k * rows.count)
            return pre.indices.map { row in all.filter { $0.0 == row }.map(\.1) }
        }
    }

    /// x − x̂ₗ of every row on one level.
    private func residuals(before prefix: Int, _ pre: [[Double]], _ chosen: [[Int]]) -> [[Double]] {
        rows.indices.map { row in
            let sum = sum(chosen[row].filter { $0 < prefix }, pre[row])
            return decoderBias.indices.map { rows[row][$0] - decoderBias[$0] - sum[$0] }
        }
    }

    /// x − x̂ of every row.
    var residuals: [[Double]] {
        residuals(before: setting.latentCount, pre, chosen(pre))
    }

    /// Σ w x².
    func square(_ rows: [[Double]]) -> Double {
        rows.reduce(0) { sum, row in
            row.indices.reduce(sum) {
                $0 + Double(setting.errorWeights?[$1] ?? 1) * row[$1] * row[$1]
            }
        }
    }

    /// The loss, and the share of it that is for dead latents.
    ///
    /// - Parameter given: the residuals that dead latents must explain, which do not move with the
    ///   parameters.
    func loss(given: [[Double]]) -> (reconstruction: Double, dead: Double) {
        let pre = pre
        let chosen = chosen(pre)
        let levels = setting.levels
        let reconstruction =
            levels.reduce(0) { $0 + square(residuals(before: $1, pre, chosen)) }
            / (Double(levels.count) * Double(rows.count) * Double(setting.variance))
        guard !dead.isEmpty else { return (reconstruction, 0) }
        let left = rows.indices.map { row in
            let best = dead.sorted { pre[row][$0] > pre[row][$1] }.prefix(setting.deadCount)
            let sum = sum(Array(best), pre[row])
            return sum.indices.map { sum[$0] - given[row][$0] }
        }
        return (
            reconstruction, Double(setting.deadWeight) * square(left) / square(given)
        )
    }
}

import LinearAlgebra

@testable import Dictionaries

/// The loss of a TopK autoencoder as it is written down, in double precision.
struct SlowTopK {
    var encoder: [[Double]]
    var encoderBias: [Double]
    var decoder: [[Double]]
    var decoderBias: [Double]
    let rows: [[Double]]
    let dead: [Int]
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
        dead = trainer.silence.indices.filter { trainer.silence[$0] >= trainer.setting.deadAfter }
    }

    private func made(_ latents: [Int], _ pre: [Double], _ k: Int) -> [Double] {
        var sum = [Double](repeating: 0, count: setting.width)
        for latent in latents.sorted(by: { pre[$0] > pre[$1] }).prefix(k) where pre[latent] > 0 {
            for c in sum.indices { sum[c] += pre[latent] * decoder[latent][c] }
        }
        return sum
    }

    private func pre(_ x: [Double]) -> [Double] {
        encoder.indices.map { latent in
            x.indices.reduce(encoderBias[latent]) {
                $0 + (x[$1] - decoderBias[$1]) * encoder[latent][$1]
            }
        }
    }

    /// x − x̂ of every row.
    var residuals: [[Double]] {
        rows.map { x in
            let sum = made(Array(encoder.indices), pre(x), setting.k)
            return x.indices.map { x[$0] - decoderBias[$0] - sum[$0] }
        }
    }

    private static func square(_ rows: [[Double]]) -> Double {
        rows.reduce(0) { $1.reduce($0) { $0 + $1 * $1 } }
    }

    /// - Parameter given: the residuals that dead latents must explain, which do not move with the
    ///   parameters.
    func loss(given: [[Double]]) -> (reconstruction: Double, dead: Double) {
        let reconstruction =
            Self.square(residuals) / (Double(rows.count) * Double(setting.variance))
        guard !dead.isEmpty else { return (reconstruction, 0) }
        let left = zip(rows, given).map { x, residual in
            let sum = made(dead, pre(x), setting.deadCount)
            return x.indices.map { sum[$0] - residual[$0] }
        }
        return (
            reconstruction,
            Double(setting.deadWeight) * Self.square(left) / Self.square(given)
        )
    }
}

import Foundation
import LinearAlgebra

@testable import Dictionaries

/// The losses of penalty autoencoders as they are written down, in double precision.
struct SlowPenalty {
    enum Kind {
        case standard(coefficient: Double, power: Double)
        case gated(coefficient: Double, power: Double)
        case jumpReLU(JumpReLUTarget)
    }

    /// Reconstruction, sparsity, and what memos decode to.
    struct Loss {
        var parts: [Double]
        var total: Double { parts.reduce(0, +) }
    }

    let kind: Kind
    var encoder: [[Double]]
    var decoder: [[Double]]
    var decoderBias: [[Double]]
    /// Those of the rule, in its order.
    var vectors: [[[Double]]]
    /// Which do not move with the parameters: the decoder that trains nothing, and the thresholds by
    /// which the ramp that stands for a jump is placed.
    let frozen: (decoder: [[Double]], decoderBias: [Double], vectors: [[[Double]]])
    let rows: [[Double]]
    let weights: [Double]
    var masked: Set<Int>

    init(_ trainer: PenaltyTrainer, _ kind: Kind) {
        func doubles(_ matrix: Matrix) -> [[Double]] {
            (0..<matrix.rows).map { matrix.row($0).map(Double.init) }
        }
        self.kind = kind
        encoder = doubles(trainer.encoder.matrix)
        decoder = doubles(trainer.decoder.matrix)
        decoderBias = doubles(trainer.decoderBias.matrix)
        vectors = trainer.rule.vectors.map { doubles($0.block.matrix) }
        frozen = (decoder, decoderBias[0], vectors)
        let batch = trainer.batch.view(trainer.setting.batchSize)
        let unit = 1 / Double(trainer.setting.variance).squareRoot()
        rows = (0..<batch.count).map { r in
            (0..<batch.width).map { unit * Double(batch.row(r)[$0]) }
        }
        weights =
            trainer.setting.errorWeights?.map(Double.init)
            ?? [Double](repeating: 1, count: batch.width)
        masked = Set(trainer.masked)
    }

    private func square(_ x: [Double], _ codes: [Double], _ decoder: [[Double]], _ bias: [Double])
        -> Double
    {
        x.indices.reduce(0) { sum, c in
            let made = codes.indices.reduce(bias[c]) { $0 + codes[$1] * decoder[$1][c] }
            return sum + weights[c] * (made - x[c]) * (made - x[c])
        }
    }

    private func pre(_ x: [Double], without bias: [Double]) -> [Double] {
        encoder.indices.map { latent in
            guard !masked.contains(latent) else { return -.infinity }
            return x.indices.reduce(0) { $0 + (x[$1] - bias[$1]) * encoder[latent][$1] }
        }
    }

    private func price(_ value: Double, _ power: Double) -> Double {
        value > 0 ? pow(value, power) : 0
    }

    func loss() -> Loss {
        switch kind {
        case .standard(let coefficient, let power): standard(coefficient, power)
        case .gated(let coefficient, let power): gated(coefficient, power)
        case .jumpReLU(let target): jump(target)
        }
    }

    private func standard(_ coefficient: Double, _ power: Double) -> Loss {
        mean { x in
            let codes = pre(x, without: decoderBias[0]).enumerated().map {
                max(0, $1 + vectors[0][0][$0])
            }
            let cost = codes.reduce(0) { $0 + price($1, power) }
            return [square(x, codes, decoder, decoderBias[0]), coefficient * cost, 0]
        }
    }

    private func gated(_ coefficient: Double, _ power: Double) -> Loss {
        mean { x in
            let pre = pre(x, without: decoderBias[0])
            let gates = pre.enumerated().map { max(0, $1 + vectors[0][0][$0]) }
            let codes = pre.enumerated().map { latent, value in
                gates[latent] > 0
                    ? max(0, exp(vectors[2][0][latent]) * value + vectors[1][0][latent]) : 0
            }
            let cost = gates.reduce(0) { $0 + price($1, power) }
            return [
                square(x, codes, decoder, decoderBias[0]), coefficient * cost,
                square(x, gates, frozen.decoder, frozen.decoderBias),
            ]
        }
    }

    /// A jump has no derivative by its threshold; what stands for it is that of a ramp as wide as the
    /// bandwidth, times the threshold for an activation.
    private func jump(_ target: JumpReLUTarget) -> Loss {
        let zeros = [Double](repeating: 0, count: decoderBias[0].count)
        func ramp(_ value: Double) -> Double { min(1, max(0, value / target.bandwidth + 0.5)) }
        var active = 0.0
        var loss = mean { x in
            let codes = pre(x, without: zeros).enumerated().map { latent, value in
                let value = value + vectors[0][0][latent]
                let (limit, given) = (vectors[1][0][latent], frozen.vectors[1][0][latent])
                let moved = ramp(value - limit) - ramp(value - given)
                active += (value > given ? 1 : 0) + moved
                return (value > given ? value : 0) + given * moved
            }
            return [square(x, codes, decoder, decoderBias[0]), 0, 0]
        }
        let excess = active / Double(rows.count) / target.activeLatents - 1
        loss.parts[1] = target.coefficient * excess * excess
        return loss
    }

    private func mean(_ body: ([Double]) -> [Double]) -> Loss {
        let sums = rows.map(body).reduce([0, 0, 0]) { zip($0, $1).map { $0 + $1 } }
        return Loss(parts: sums.map { $0 / Double(rows.count) })
    }
}

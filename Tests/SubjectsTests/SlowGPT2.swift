import Foundation
import LinearAlgebra
import Subjects

/// GPT-2 in plain loops and 64-bit arithmetic, one sequence at a time.
struct SlowGPT2 {
    let configuration: GPT2Configuration
    let weights: GPT2Weights

    typealias Rows = [[Double]]

    /// The stream after `halfBlocks` half blocks.
    func stream(_ tokens: [Int], halfBlocks: Int) -> Rows {
        var x: Rows = tokens.enumerated().map { position, token in
            (0..<configuration.width).map {
                Double(weights.tokenEmbedding[token, $0])
                    + Double(weights.positionEmbedding[position, $0])
            }
        }
        for half in 0..<halfBlocks {
            let block = weights.blocks[half / 2]
            x = sum(x, half % 2 == 0 ? attend(block, x) : transform(block, x))
        }
        return x
    }

    func logits(_ tokens: [Int]) -> Rows {
        let x = stream(tokens, halfBlocks: 2 * configuration.layerCount)
        let head = weights.head ?? weights.tokenEmbedding
        let bias = [Float](repeating: 0, count: head.rows)
        return affine(.init(weights: head.transposed(), bias: bias), norm(weights.finalNorm, x))
    }

    private func sum(_ a: Rows, _ b: Rows) -> Rows {
        zip(a, b).map { zip($0, $1).map { $0 + $1 } }
    }

    private func attend(_ block: GPT2Weights.Block, _ x: Rows) -> Rows {
        let all = affine(block.queryKeyValue, norm(block.attentionNorm, x))
        let (d, w) = (configuration.width, configuration.headWidth)
        var mixed = x.map { _ in [Double](repeating: 0, count: d) }
        for h in 0..<configuration.headCount {
            for i in x.indices {
                let scores = (0...i).map { j in
                    (0..<w).reduce(0.0) { $0 + all[i][h * w + $1] * all[j][d + h * w + $1] }
                        / Double(w).squareRoot()
                }
                let weights = scores.map { exp($0 - scores.max()!) }
                let total = weights.reduce(0, +)
                for c in 0..<w {
                    mixed[i][h * w + c] = (0...i).reduce(0.0) {
                        $0 + weights[$1] / total * all[$1][2 * d + h * w + c]
                    }
                }
            }
        }
        return affine(block.attentionOutput, mixed)
    }

    private func transform(_ block: GPT2Weights.Block, _ x: Rows) -> Rows {
        let inner = affine(block.expand, norm(block.mlpNorm, x)).map { row in
            row.map { x in
                switch configuration.activation {
                case .geluNew:
                    0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
                case .gelu: 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
                case .relu: max(x, 0)
                }
            }
        }
        return affine(block.contract, inner)
    }

    private func norm(_ norm: GPT2Weights.Norm, _ x: Rows) -> Rows {
        x.map { row in
            let mean = row.reduce(0, +) / Double(row.count)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
            let scale = 1 / (variance + Double(configuration.layerNormEpsilon)).squareRoot()
            return row.indices.map {
                (row[$0] - mean) * scale * Double(norm.gain[$0]) + Double(norm.shift[$0])
            }
        }
    }

    private func affine(_ map: GPT2Weights.Affine, _ x: Rows) -> Rows {
        let (inputs, outputs) = (map.weights.rows, map.weights.columns)
        let weights = map.weights.storage
        return x.map { row in
            var result = map.bias.map(Double.init)
            for i in 0..<inputs {
                for o in 0..<outputs { result[o] += row[i] * Double(weights[i * outputs + o]) }
            }
            return result
        }
    }
}

import Foundation
import LinearAlgebra
import Subjects
import SubjectMaterial
import Testing

func randomFloats(_ count: Int, _ generator: inout SeededGenerator, scale: Double = 1) -> [Float] {
    (0..<count).map { _ in Float(generator.normal() * scale) }
}

func randomMatrix(
    _ rows: Int, _ columns: Int, _ generator: inout SeededGenerator, scale: Double = 1
) -> Matrix {
    Matrix(
        rows: rows, columns: columns,
        storage: randomFloats(rows * columns, &generator, scale: scale))
}

func bits(_ values: some Sequence<Float>) -> [UInt32] { values.map(\.bitPattern) }

/// The greatest |a − b| relative to the greatest |b|.
func relativeError(_ a: [Float], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "\(a.count) against \(b.count)")
    let scale = b.map { abs($0) }.max() ?? 1
    return (zip(a, b).map { abs(Double($0) - $1) }.max() ?? 0) / max(scale, 1e-30)
}

/// The error's one line, or "no error".
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch {
        return "\(error)"
    }
}

extension GPT2Weights {
    /// Random weights of the size trained ones have.
    static func random(
        _ c: GPT2Configuration, _ g: inout SeededGenerator, untied: Bool = false
    ) -> GPT2Weights {
        func norm(_ g: inout SeededGenerator) -> Norm {
            Norm(
                gain: randomFloats(c.width, &g, scale: 0.2).map { $0 + 1 },
                shift: randomFloats(c.width, &g, scale: 0.1))
        }
        func affine(_ inputs: Int, _ outputs: Int, _ g: inout SeededGenerator) -> Affine {
            Affine(
                weights: randomMatrix(
                    inputs, outputs, &g, scale: 1 / Double(inputs).squareRoot()),
                bias: randomFloats(outputs, &g, scale: 0.1))
        }
        let blocks = (0..<c.layerCount).map { _ in
            Block(
                attentionNorm: norm(&g), queryKeyValue: affine(c.width, 3 * c.width, &g),
                attentionOutput: affine(c.width, c.width, &g), mlpNorm: norm(&g),
                expand: affine(c.width, c.innerWidth, &g),
                contract: affine(c.innerWidth, c.width, &g))
        }
        return GPT2Weights(
            tokenEmbedding: randomMatrix(c.vocabularySize, c.width, &g),
            positionEmbedding: randomMatrix(c.contextLength, c.width, &g, scale: 0.3),
            blocks: blocks, finalNorm: norm(&g),
            head: untied ? randomMatrix(c.vocabularySize, c.width, &g) : nil)
    }
}

/// Sequences of random lengths and tokens.
func randomSequences(
    _ count: Int, _ c: GPT2Configuration, _ g: inout SeededGenerator
) -> [[Int]] {
    (0..<count).map { _ in
        (0..<1 + g.below(c.contextLength)).map { _ in g.below(c.vocabularySize) }
    }
}

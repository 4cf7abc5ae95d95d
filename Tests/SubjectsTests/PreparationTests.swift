import LinearAlgebra
import Subjects
import Testing

/// Normalisations, centring, a bias of its own and skip connections, against plain loops.
@Suite struct PreparationTests {
    private let weights: SparseAutoencoder.Weights
    private let rows: Matrix

    init() {
        var g = SeededGenerator(seed: 12)
        weights = SparseAutoencoder.Weights(
            encoder: randomMatrix(9, 21, &g), encoderBias: randomFloats(21, &g),
            decoder: randomMatrix(21, 9, &g), decoderBias: randomFloats(9, &g))
        rows = randomMatrix(55, 9, &g, scale: 3)
    }

    private func mapped(_ matrix: Matrix, _ body: ([Double]) -> [Double]) -> Matrix {
        Matrix((0..<matrix.rows).map { body(matrix.row($0).map(Double.init)).map { Float($0) } })
    }

    private func mean(_ row: [Double]) -> Double { row.reduce(0, +) / Double(row.count) }

    private func length(_ row: [Double]) -> Double {
        row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    private func deviation(_ row: [Double]) -> Double {
        length(row.map { $0 - mean(row) }) / Double(row.count - 1).squareRoot()
    }

    private func expectEqual(
        _ preparation: SparseAutoencoder.Preparation, into: ([Double]) -> [Double],
        back: (_ x: [Double], _ y: [Double]) -> [Double]
    ) throws {
        let plain = SparseAutoencoder(weights, architecture: .standard)
        let prepared = SparseAutoencoder(
            weights, architecture: .standard, preparation: preparation)
        let inputs = mapped(rows, into)
        let expected = try plain.encode(inputs)
        let found = try prepared.encode(rows)
        let decoded = try plain.reconstruct(inputs)
        let reconstructed = try prepared.reconstruct(rows)
        for r in 0..<rows.rows {
            let dense = (0..<21).map { found[r][$0] }
            #expect(relativeError(dense, (0..<21).map { Double(expected[r][$0]) }) < 1e-5)
            let undone = back(rows.row(r).map(Double.init), decoded.row(r).map(Double.init))
            #expect(relativeError(Array(reconstructed.row(r)), undone) < 1e-5)
        }
    }

    @Test func centresRows() throws {
        try expectEqual(
            .init(centresRows: true), into: { x in x.map { $0 - mean(x) } }, back: { $1 })
    }

    @Test func scalesRowsToTheSameLength() throws {
        try expectEqual(
            .init(normalisation: .constantNorm), into: { x in x.map { $0 * 3 / length(x) } },
            back: { x, y in y.map { $0 * length(x) / 3 } })
    }

    @Test func scalesRowsByTheirDeviation() throws {
        try expectEqual(
            .init(normalisation: .layerNorm),
            into: { x in x.map { ($0 - mean(x)) / (deviation(x) + 1e-5) } },
            back: { x, y in y.map { $0 * deviation(x) + mean(x) } })
    }

    @Test func scalesRowsByFactors() throws {
        try expectEqual(
            .init(normalisation: .scaled(input: 0.25, output: 2)),
            into: { $0.map { $0 / 4 } }, back: { $1.map { $0 / 2 } })
    }

    @Test func keepsZeros_whenARowHasNoLength() throws {
        let prepared = SparseAutoencoder(
            weights, architecture: .standard, preparation: .init(normalisation: .constantNorm))
        let zeros = Matrix(rows: 1, columns: 9)
        #expect(
            try prepared.encode(zeros)
                == SparseAutoencoder(weights, architecture: .standard).encode(zeros))
    }

    @Test func takesItsOwnBias_andAddsTheSkip() throws {
        var g = SeededGenerator(seed: 2)
        var other = weights
        other.inputBias = randomFloats(9, &g)
        other.decoder = randomMatrix(21, 4, &g)
        other.decoderBias = randomFloats(4, &g)
        let skip = randomMatrix(9, 4, &g)
        let without = SparseAutoencoder(other, architecture: .standard)
        other.skip = skip
        let with = SparseAutoencoder(other, architecture: .standard)
        #expect(with.outputWidth == 4)
        let bias = try #require(other.inputBias)
        let shifted = mapped(rows) { zip($0, bias).map { $0 - Double($1) } }
        let plain = SparseAutoencoder(
            weights, architecture: .standard, subtractsDecoderBias: false)
        #expect(try with.encode(rows) == plain.encode(shifted))
        let found = try with.reconstruct(rows)
        let base = try without.reconstruct(rows)
        for r in 0..<rows.rows {
            let expected = (0..<4).map { c in
                (0..<9).reduce(Double(base[r, c])) {
                    $0 + Double(rows[r, $1]) * Double(skip[$1, c])
                }
            }
            #expect(relativeError(Array(found.row(r)), expected) < 1e-5)
        }
    }
}

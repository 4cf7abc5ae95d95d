import LinearAlgebra
import Statistics
import Testing

@testable import Mining

@Suite struct SparseRidgeTests {
    /// A few entries a row among many columns, and a target of some of them.
    private func problem(_ seed: UInt64) -> (sparse: SparseRows, dense: [[Double]], y: [Double]) {
        var generator = SeededGenerator(seed: seed)
        let (rows, columns) = (40, 12)
        var sparse = SparseRows(columnCount: columns)
        var dense = [[Double]](repeating: [Double](repeating: 0, count: rows), count: columns)
        var y: [Double] = []
        for row in 0..<rows {
            var entries: [(column: Int32, value: Double)] = []
            for column in 0..<columns where Double.random(in: 0..<1, using: &generator) < 0.3 {
                let value = Double.random(in: -1...1, using: &generator)
                entries.append((Int32(column), value))
                dense[column][row] = value
            }
            sparse.append(entries)
            y.append(
                dense[0][row] - 2 * dense[3][row] + Double.random(in: -0.5...0.5, using: &generator)
            )
        }
        return (sparse, dense, y)
    }

    @Test(arguments: UInt64(0)..<30, [0.01, 1, 30])
    func agreesWithADenseRidge(seed: UInt64, penalty: Double) throws {
        let (sparse, dense, y) = problem(seed)
        let mine = SparseRidge(sparse, rows: Array(y.indices), y: y, penalty: penalty)
        let other = try RidgeRegression(
            columns: ColumnMatrix(rows: y.count, columns: dense), target: y, penalty: penalty,
            standardised: false)
        #expect(abs(mine.intercept - other.intercept) < 1e-6)
        for (a, b) in zip(mine.weights, other.coefficients) { #expect(abs(a - b) < 1e-6) }
    }

    @Test func aDifferenceOfRowsIsTheDifferenceOfTheirProducts() {
        let (first, _, _) = problem(1)
        let (second, _, _) = problem(2)
        let less = first.less(second)
        let weights = (0..<12).map { Double($0) - 4 }
        for row in 0..<first.count {
            let expected = first.product(row, weights) - second.product(row, weights)
            #expect(abs(less.product(row, weights) - expected) < 1e-12)
        }
    }
}

@Suite struct TermWeightsTests {
    @Test func weighsRareTermsMore_andScalesRowsToLengthOne() {
        let texts = ["red lamp", "red stone", "red lamp stone", "green"]
        let terms = TermWeights(fittedOn: texts)
        let rows = terms.rows(of: ["red lamp", "unknown words only", ""])
        let squares = (0..<3).map { row in
            rows.values[rows.offsets[row]..<rows.offsets[row + 1]].reduce(0) { $0 + $1 * $1 }
        }
        #expect(abs(squares[0] - 1) < 1e-12)
        #expect(squares[1] == 0 && squares[2] == 0)
        // "lamp" is in fewer texts than "red", so it weighs more.
        let values = rows.values[rows.offsets[0]..<rows.offsets[1]]
        #expect(Set(values).count > 1)
    }

    @Test func termsAreWordsOfTwoAndMore_andTheirNeighbours() {
        #expect(TermWeights.terms(of: "A Red, lamp!") == ["red", "lamp", "red lamp"])
    }
}

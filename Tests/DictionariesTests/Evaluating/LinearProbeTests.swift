import LinearAlgebra
import Statistics
import Testing

@testable import Dictionaries

@Suite struct LinearProbeTests {
    /// Rows whose first column says, with noise, whether a property holds.
    private func material(
        _ seed: UInt64, rows: Int = 400, width: Int = 5
    ) -> (Matrix, PropertyBits) {
        var g = SeededGenerator(seed: seed)
        let values = Matrix(
            (0..<rows).map { _ in (0..<width).map { _ in Float(3 + 2 * g.normal()) } })
        let noise = (0..<2 * rows).map { _ in g.normal() }
        let bits = PropertyBits(names: ["first", "difference"], rowCount: rows) { property, row in
            let score =
                property == 0 ? values[row, 0] - 3 : values[row, 1] - values[row, 2] + 1
            return Double(score) + noise[property * rows + row] > 0
        }
        return (values, bits)
    }

    @Test(arguments: UInt64(0)..<8) func fitsWhatNewtonFits(seed: UInt64) throws {
        let (values, bits) = material(seed)
        var settings = LinearProbe.Settings()
        settings.precision = 1e-6
        settings.stepLimit = 2000
        let probe = LinearProbe(values, bits, settings: settings)
        let columns = ColumnMatrix(
            rows: values.rows,
            columns: (0..<values.columns).map { c in
                (0..<values.rows).map { Double(values[$0, c]) }
            })
        for property in 0..<2 {
            let newton = try LogisticRegression(
                columns: columns,
                target: (0..<values.rows).map { bits.bits[property][$0] ? 1 : 0 }, penalty: 1)
            for c in 0..<values.columns {
                #expect(
                    abs(Double(probe.weights[c, property]) - newton.coefficients[c]) < 2e-3)
            }
            #expect(abs(Double(probe.biases[property]) - newton.intercept) < 5e-3)
        }
    }

    @Test(arguments: UInt64(0)..<4) func threadsChangeNothing(seed: UInt64) {
        let (values, bits) = material(seed, rows: 5000)
        let one = LinearProbe(values, bits)
        let three = LinearProbe(values, bits, threads: 3)
        #expect(one.weights == three.weights)
        #expect(one.biases == three.biases)
        #expect(one.logOdds(values) == three.logOdds(values, threads: 3))
    }

    @Test func constantColumnsGetNoWeight() {
        let (values, bits) = material(1)
        var other = Matrix(rows: values.rows, columns: 6, repeating: 7)
        for row in 0..<values.rows {
            for c in 0..<5 { other[row, c] = values[row, c] }
        }
        let probe = LinearProbe(other, bits)
        #expect(probe.weights.row(5).allSatisfy { $0 == 0 })
        #expect(probe.weights[0, 0] > 0.5)
    }
}

import LinearAlgebra
import Statistics
import Testing

@Suite struct RidgeRegressionTests {
    @Test func matchesScikitLearnAndStatsmodels() throws {
        for row in try MiningReference.load().ridge {
            let model = try RidgeRegression(
                columns: table(row.columns), target: row.target, penalty: row.penalty,
                weights: row.weights, standardised: row.standardised)
            #expect(distance(model.coefficients, row.coefficients) < 1e-9)
            #expect(abs(model.intercept - row.intercept) < 1e-9)
            #expect((model.standardErrors == nil) == (row.standardErrors == nil))
            if let errors = model.standardErrors, let expected = row.standardErrors {
                #expect(distance(errors, expected) < 1e-9)
            }
        }
    }

    @Test func choosesAndPredictsOutOfFoldAsScikitLearn() throws {
        for row in try MiningReference.load().folded {
            let model = try RidgeRegression.crossValidated(
                columns: table(row.columns), target: row.target, folds: row.folds,
                penalties: row.penalties)
            #expect(model.penalty == row.chosen)
            let predictions = try RidgeRegression.outOfFold(
                columns: table(row.columns), target: row.target, folds: row.folds, penalties: [1])
            #expect(distance(predictions, row.outOfFold) < 1e-9)
        }
    }

    @Test func weightsCountAsRepeatedRows() throws {
        var generator = SeededGenerator(seed: 1)
        let x = (0..<20).map { _ in generator.normal() }
        let y = x.map { $0 + generator.normal() }
        let weights = x.map { _ in Double(generator.below(4)) }
        let repeated = weights.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
        let weighted = try RidgeRegression(
            columns: table([x]), target: y, penalty: 2, weights: weights)
        let plain = try RidgeRegression(
            columns: table([repeated.map { x[$0] }]), target: repeated.map { y[$0] }, penalty: 2)
        #expect(distance(weighted.coefficients, plain.coefficients) < 1e-12)
        #expect(abs(weighted.intercept - plain.intercept) < 1e-12)
    }

    @Test func leavesConstantColumnsOut_andNamesCollinearOnes() throws {
        let x: [Double] = [1, 2, 3, 5, 8]
        let constant = [Double](repeating: 0.1, count: 5)
        let model = try RidgeRegression(
            columns: table([constant, x]), target: x.map { 2 * $0 + 1 }, penalty: 0)
        #expect(model.coefficients[0] == 0)
        #expect(abs(model.coefficients[1] - 2) < 1e-12)
        #expect(model.standardErrors == nil)
        #expect(throws: RegressionError.collinear(model: "ridge regression")) {
            try RidgeRegression(columns: table([x, x.map { 3 * $0 }]), target: x, penalty: 0)
        }
        let shared = try RidgeRegression(columns: table([x, x]), target: x, penalty: 1e-6)
        #expect(abs(shared.coefficients[0] - shared.coefficients[1]) < 1e-6)
    }

    @Test func refusesWhatIsNoNumber_namingThePlace() {
        #expect(throws: RegressionError.notFinite(model: "ridge regression", row: 1, column: 1)) {
            try RidgeRegression(
                columns: table([[1, 2, 3], [4, .nan, 6]]), target: [1, 2, 3], penalty: 1)
        }
        let error = RegressionError.notFinite(model: "ridge regression", row: 1, column: nil)
        #expect(throws: error) {
            try RidgeRegression(columns: table([[1, 2]]), target: [1, .infinity], penalty: 1)
        }
        #expect("\(error)".contains("row 1 of the target"))
    }
}

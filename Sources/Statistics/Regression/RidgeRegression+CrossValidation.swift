extension RidgeRegression {
    /// Penalties from almost none to ten times the number of rows, half a decade apart.
    ///
    /// - Parameter rows: how many rows will be fitted.
    public static func penalties(rows: Int) -> [Double] {
        (0...10).map { Double(max(1, rows)) * 1e-4 * exponential($0) }
    }

    private static func exponential(_ step: Int) -> Double {
        let root = 10.0.squareRoot()
        return (0..<step).reduce(1.0) { value, _ in value * root }
    }

    /// The model whose penalty predicts rows of other folds best, by mean squared error.
    ///
    /// - Parameters:
    ///   - folds: the fold of each row; rows that belong together lie in one fold. Any whole
    ///     numbers, at least two different ones.
    ///   - penalties: what to choose from; ties go to the larger penalty.
    /// - Complexity: O(n p²) once, then O(folds · penalties · (p³ + n p)).
    public static func crossValidated(
        columns: ColumnMatrix, target: [Double], folds: [Int], penalties: [Double]? = nil,
        weights: [Double]? = nil, standardised: Bool = true
    ) throws(RegressionError) -> RidgeRegression {
        let choices = (penalties ?? Self.penalties(rows: columns.rows)).sorted(by: >)
        precondition(!choices.isEmpty, "\(name): no penalty to choose from")
        if choices.count == 1 {
            return try RidgeRegression(
                columns: columns, target: target, penalty: choices[0], weights: weights,
                standardised: standardised)
        }
        try RegressionInput.check(name, columns, target, weights)
        var errors = [Double](repeating: 0, count: choices.count)
        for part in Self.parts(folds, columns.rows) {
            let training = CentredProducts(
                columns.selecting(rows: part.training), part.training.map { target[$0] },
                weights.map { w in part.training.map { w[$0] } })
            let held = columns.selecting(rows: part.held)
            for (place, penalty) in choices.enumerated() {
                let model = try solve(training, penalty, standardised, rows: part.training.count)
                for (value, row) in zip(model.predict(held), part.held) {
                    let error = target[row] - value
                    errors[place] += (weights?[row] ?? 1) * error * error
                }
            }
        }
        let best = errors.indices.min { errors[$0] < errors[$1] } ?? 0
        return try RidgeRegression(
            columns: columns, target: target, penalty: choices[best], weights: weights,
            standardised: standardised)
    }

    /// The prediction of each row by a model that was fitted to the other folds, its penalty
    /// chosen within them where there is more than one.
    ///
    /// - Precondition: with several penalties, at least three folds.
    public static func outOfFold(
        columns: ColumnMatrix, target: [Double], folds: [Int], penalties: [Double]? = nil,
        weights: [Double]? = nil, standardised: Bool = true
    ) throws(RegressionError) -> [Double] {
        var predictions = [Double](repeating: 0, count: columns.rows)
        for part in Self.parts(folds, columns.rows) {
            let model = try crossValidated(
                columns: columns.selecting(rows: part.training),
                target: part.training.map { target[$0] }, folds: part.training.map { folds[$0] },
                penalties: penalties, weights: weights.map { w in part.training.map { w[$0] } },
                standardised: standardised)
            let values = model.predict(columns.selecting(rows: part.held))
            for (value, row) in zip(values, part.held) { predictions[row] = value }
        }
        return predictions
    }

    /// Rows to fit on and rows to predict, fold by fold.
    private static func parts(_ folds: [Int], _ rows: Int) -> [(training: [Int], held: [Int])] {
        precondition(folds.count == rows, "\(name): \(folds.count) folds for \(rows) rows")
        let names = Set(folds).sorted()
        precondition(names.count >= 2, "\(name): cross-validation needs at least two folds")
        return names.map { name in
            (folds.indices.filter { folds[$0] != name }, folds.indices.filter { folds[$0] == name })
        }
    }
}

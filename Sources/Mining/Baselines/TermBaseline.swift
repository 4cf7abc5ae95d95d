import Rows
import Statistics

/// TF-IDF and ridge regression: what any feature set has to be held against.
struct TermBaseline: Sendable {
    /// Ridge penalties to choose from by cross-validation over whole groups.
    static let penalties = [0.1, 0.3, 1, 3, 10, 30]

    /// Predictions for the rows of `rows`.
    static func predictions(
        for rows: RowSet, training: TrainingRows, target: [Double]
    ) async throws -> [Double] {
        let terms = TermWeights(fittedOn: training.rows.texts + (training.rows.otherTexts ?? []))
        let x = Self.rows(of: training.rows, terms)
        let folds = Set(training.folds).sorted()
        let losses = try await penalties.concurrentMap(limit: 2) { penalty in
            folds.reduce(0) { sum, fold in
                let fitted = training.folds.indices.filter { training.folds[$0] != fold }
                let model = SparseRidge(x, rows: fitted, y: target, penalty: penalty)
                return sum
                    + training.folds.indices.filter { training.folds[$0] == fold }
                    .reduce(0) {
                        let error = model.prediction(x, $1) - target[$1]
                        return $0 + error * error
                    }
            }
        }
        let best = losses.indices.min { losses[$0] < losses[$1] } ?? 0
        let model = SparseRidge(
            x, rows: Array(training.folds.indices), y: target, penalty: penalties[best])
        let unseen = Self.rows(of: rows, terms)
        return (0..<unseen.count).map { model.prediction(unseen, $0) }
    }

    /// Of a pair, the weights of the first text less those of the other.
    private static func rows(of rows: RowSet, _ terms: TermWeights) -> SparseRows {
        let first = terms.rows(of: rows.texts)
        guard let others = rows.otherTexts else { return first }
        return first.less(terms.rows(of: others))
    }
}

import Rows

/// TF-IDF and ridge regression: what any feature set has to be held against.
enum TermBaseline {
    /// Predictions for the rows of `rows`.
    static func predictions(
        for rows: RowSet, training: TrainingRows, target: [Double]
    ) async throws -> [Double] {
        let terms = TermWeights(fittedOn: training.rows.texts + (training.rows.otherTexts ?? []))
        return try await RidgeBaseline.predictions(
            for: Self.rows(of: rows, terms), x: Self.rows(of: training.rows, terms),
            training: training, target: target)
    }

    /// Of a pair, the weights of the first text less those of the other.
    private static func rows(of rows: RowSet, _ terms: TermWeights) -> SparseRows {
        let first = terms.rows(of: rows.texts)
        guard let others = rows.otherTexts else { return first }
        return first.less(terms.rows(of: others))
    }
}

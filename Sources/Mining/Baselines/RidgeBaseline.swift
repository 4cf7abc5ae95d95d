import Rows

/// Ridge regression on what is known of each row without a proposer.
enum RidgeBaseline {
    /// Ridge penalties to choose from by cross-validation over whole groups.
    static let penalties = [0.1, 0.3, 1, 3, 10, 30]

    /// Predictions for `unseen` rows.
    ///
    /// - Parameters:
    ///   - x: the training rows, in their order.
    ///   - target: of the training rows.
    static func predictions(
        for unseen: SparseRows, x: SparseRows, training: TrainingRows, target: [Double]
    ) async throws -> [Double] {
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
        return (0..<unseen.count).map { model.prediction(unseen, $0) }
    }
}

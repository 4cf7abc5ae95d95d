import Testing

@testable import Statistics

/// The slow twin: regressions fitted row by row, fold by fold, for every candidate at every step.
enum PlainSelection {
    struct Step {
        let feature: Int
        let correlation: Double
    }

    /// The greedy choice of `count` features, without a stop.
    static func greedy(_ problem: SelectionProblem, count: Int) throws -> [Step] {
        func ranked(_ matrix: ColumnMatrix) throws -> [[Double]] {
            try (0..<matrix.columns).map {
                let ranks = RankStatistics.midranks(Array(matrix.column($0)))
                return try scaled(#require(ranks))
            }
        }
        let candidates = try ranked(problem.candidates)
        let target = try scaled(#require(RankStatistics.midranks(problem.target)))
        var model = try ranked(problem.controls)
        var steps: [Step] = []
        while steps.count < count {
            let targetRest = try rest(of: target, model, problem.folds)
            var best: Step?
            for (feature, column) in candidates.enumerated()
            where !steps.contains(where: { $0.feature == feature }) {
                let columnRest = try rest(of: column, model, problem.folds)
                let r = try #require(RankStatistics.pearson(targetRest, columnRest))
                if abs(r) > abs(best?.correlation ?? 0) {
                    best = Step(feature: feature, correlation: r)
                }
            }
            let chosen = try #require(best)
            steps.append(chosen)
            model.append(candidates[chosen.feature])
        }
        return steps
    }

    /// What a least squares fit of the other folds leaves of each row.
    static func rest(of values: [Double], _ model: [[Double]], _ folds: [Int]) throws -> [Double] {
        let table = ColumnMatrix(rows: values.count, columns: model)
        let predicted = try RidgeRegression.outOfFold(
            columns: table, target: values, folds: folds, penalties: [0])
        return zip(values, predicted).map { $0 - $1 }
    }

    static func scaled(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(values.count)
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return values.map { ($0 - mean) / square.squareRoot() }
    }
}

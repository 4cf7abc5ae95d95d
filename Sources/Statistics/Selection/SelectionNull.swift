import LinearAlgebra

/// What a whole selection finds where there is nothing to find: the same selection on targets that
/// were dealt anew to the rows.
///
/// With controls, what they leave of the target's ranks is shuffled and added back to what they
/// explain, so that the controls keep their part and only the candidates lose theirs.
///
/// - Source: Freedman and Lane, Journal of Business and Economic Statistics 1(4), 1983; Ojala and
///   Garriga, JMLR 11, 2010.
public struct SelectionNull: Hashable, Sendable, Codable {
    /// The selection on the real target.
    public let observed: SelectionPath
    /// ``SelectionPath/score`` of each shuffled target.
    public let scores: [Double]
    /// How many features were chosen on each shuffled target.
    public let counts: [Int]

    /// The chance of a score at least as high where there is nothing:
    /// (1 + shuffled targets that reach it)/(1 + shuffled targets).
    public var pValue: Double {
        Double(1 + scores.count { $0 >= observed.score }) / Double(1 + scores.count)
    }

    /// The share of shuffled targets on which anything was chosen.
    public var falseAlarmRate: Double {
        scores.isEmpty ? 0 : Double(counts.count { $0 > 0 }) / Double(counts.count)
    }

    /// Selects on the target and on shuffled ones, within strata where there are any.
    ///
    /// - Complexity: one product of all columns, then O(n p) for each shuffled target, on all
    ///   cores.
    public init(
        _ selection: FeatureSelection, _ problem: SelectionProblem, permutations: Int = 200,
        seed: UInt64
    ) {
        precondition(permutations >= 0, "SelectionNull: \(permutations) permutations")
        let run = SelectionRun(selection, problem, seed: seed)
        let target = run.columns.target
        let products = FoldProducts(
            run.columns, rows: Array(target.indices), folds: problem.folds)
        let shuffling = Shuffling(count: target.count, strata: problem.strata)
        let explained = Self.explained(target, by: problem.controls)
        observed = run.path(products, target: target)
        let paths = Repetitions.map(permutations) { repetition in
            var generator = SeededGenerator(seed: seed, stream: UInt64(repetition))
            let order = shuffling.order(&generator)
            let dealt = order.enumerated().map { row, source in
                explained[row] + target[source] - explained[source]
            }
            return run.path(products, target: RankStatistics.standardisedRanks(dealt) ?? dealt)
        }
        scores = paths.map(\.score)
        counts = paths.map(\.steps.count)
    }

    /// The part of the target's ranks that the controls' ranks explain by least squares.
    private static func explained(_ target: [Double], by controls: ColumnMatrix) -> [Double] {
        let ranked = ColumnMatrix(
            rows: target.count,
            columns: (0..<controls.columns).compactMap {
                RankStatistics.standardisedRanks(Array(controls.column($0)))
            })
        // The least of penalties decides between controls that are combinations of one another.
        let model = try? RidgeRegression(columns: ranked, target: target, penalty: 1e-9)
        return model?.predict(ranked) ?? [Double](repeating: 0, count: target.count)
    }
}

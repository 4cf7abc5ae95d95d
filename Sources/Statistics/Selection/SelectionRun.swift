import LinearAlgebra

/// A selection whose columns and probes are ready, to be run on all rows, on some, or on a shuffled
/// target.
struct SelectionRun: Sendable {
    let settings: FeatureSelection
    let problem: SelectionProblem
    let columns: FoldProducts.Columns
    private let seed: UInt64

    init(_ settings: FeatureSelection, _ problem: SelectionProblem, seed: UInt64) {
        self.settings = settings
        self.problem = problem
        self.seed = seed
        var generator = SeededGenerator(seed: seed, stream: 0x70_726F_6265)
        let probes = Self.probes(problem, count: settings.probeCount, &generator)
        columns = FoldProducts.Columns(problem, probes: probes)
    }

    /// The path on some rows.
    ///
    /// - Parameter target: standardised ranks, [n].
    func path(rows: [Int], target: [Double]) -> SelectionPath {
        path(FoldProducts(columns, rows: rows, folds: problem.folds), target: target)
    }

    /// The path on rows whose products are at hand.
    func path(_ products: FoldProducts, target: [Double]) -> SelectionPath {
        let search = SetSearch(width: settings.search.width, maximumCount: settings.maximumCount)
        let target = TargetProducts(target, products)
        let (steps, ending) =
            switch settings.criterion {
            case .partialRank:
                search.best(
                    from: PartialRankState(
                        products, target, groups: products.order.map { problem.groups[$0] },
                        confidence: settings.confidence))
            case .conditionalInformation(let neighbours):
                search.best(
                    from: ConditionalInformationState(
                        products, target: target, neighbours: neighbours,
                        confidence: settings.confidence, seed: seed))
            }
        let controls = products.controlColumns
        let chosen = steps.map { products.candidates.lowerBound + $0.feature }
        return SelectionPath(
            steps: steps, ending: ending,
            score: products.score(of: controls + chosen, target, penalty: settings.penalty),
            controlScore: products.score(of: controls, target, penalty: settings.penalty))
    }

    /// Standardised ranks of candidates, each in a random order of its own.
    private static func probes(
        _ problem: SelectionProblem, count: Int, _ generator: inout SeededGenerator
    ) -> ColumnMatrix {
        let candidates = problem.candidates
        guard candidates.columns > 0 else {
            return ColumnMatrix(rows: candidates.rows, columns: 0)
        }
        let sources = generator.sample(candidates.columns, of: candidates.columns)
        let shuffling = Shuffling(count: candidates.rows, strata: problem.strata)
        let probes = (0..<count).compactMap { place -> [Double]? in
            let source = candidates.column(sources[place % sources.count])
            let order = shuffling.order(&generator)
            return RankStatistics.standardisedRanks(Array(source)).map { ranks in
                order.map { ranks[$0] }
            }
        }
        return ColumnMatrix(rows: candidates.rows, columns: probes)
    }
}

extension FoldProducts {
    /// Where the controls lie among the columns.
    var controlColumns: [Int] { Array(1..<candidates.lowerBound) }

    /// The ridge prediction of a fold's rows by a model of the other folds, about the mean of all
    /// ranks: a fold's own mean would lean against the fold that was left out.
    func predictions(
        _ fold: Int, from model: [Int], of target: TargetProducts, penalty: Double
    ) -> [Double] {
        let range = ranges[fold]
        var gram = model.flatMap { a in model.map { b in training[fold][a * width + b] } }
        for i in model.indices { gram[i * model.count + i] += penalty }
        var values = [Double](repeating: 0, count: range.count)
        guard let factor = CholeskyFactor(gram, order: model.count) else { return values }
        let coefficients = factor.solve(model.map { target.training[fold][$0] })
        for (coefficient, column) in zip(coefficients, model) {
            let start = column * table.rows + range.lowerBound
            for i in values.indices { values[i] += coefficient * table.storage[start + i] }
        }
        return values
    }

    /// The Spearman correlation of the target with predictions out of fold, 0 for no columns.
    func score(of model: [Int], _ target: TargetProducts, penalty: Double) -> Double {
        guard !model.isEmpty else { return 0 }
        let predictions = ranges.indices.flatMap {
            self.predictions($0, from: model, of: target, penalty: penalty)
        }
        return RankStatistics.spearman(predictions, target.values) ?? 0
    }
}

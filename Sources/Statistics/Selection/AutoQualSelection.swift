import LinearAlgebra

/// The criterion of AutoQual's published code, for comparison: sets are searched by the score on
/// the very rows that the result is then reported on.
///
/// A linear regression is fitted to the training rows and its predictions' Spearman correlation
/// with the target on the test rows judges the set, at every step and at the end. The maximum over
/// so many sets is high where nothing is to be found. The beam holds orders of features, not sets,
/// as there: one set may fill several places.
///
/// - Source: Wang et al., "AutoQual", 2025; `feature_selector.py` of the published repository,
///   evaluation method `linear_regression`.
public struct AutoQualSelection: Hashable, Sendable, Codable {
    /// The chosen candidates' columns, in the order of choice.
    public let selected: [Int]
    /// The score that is reported: it was maximised, and means nothing by itself.
    public let score: Double

    /// - Parameters:
    ///   - candidates: [n × p].
    ///   - testShare: the share of rows that are drawn for testing.
    ///   - width: of the beam.
    ///   - count: how many features are chosen; as many always, where there are enough.
    /// - Complexity: O(n p²), then width · p · count fits and rankings of the test rows.
    public init(
        candidates: ColumnMatrix, target: [Double], testShare: Double = 0.2, width: Int = 10,
        count: Int = 10, seed: UInt64
    ) {
        let n = candidates.rows
        precondition(target.count == n, "AutoQual: \(target.count) targets for \(n) rows")
        var generator = SeededGenerator(seed: seed, stream: 0x41_7574_6F51)
        let order = generator.sample(n, of: n)
        let testCount = Int((Double(n) * testShare).rounded(.up))
        let judge = AutoQualJudge(
            candidates, target, test: Array(order.prefix(testCount)),
            training: Array(order.dropFirst(testCount)))
        typealias Place = (features: [Int], score: Double)
        func best(_ places: [[Int]]) -> [Place] {
            // A set is judged once however many of its orders are there.
            let sets = Array(Set(places.map { $0.sorted() }))
            let scores = Repetitions.map(sets.count) { judge.score(sets[$0]) }
            let scoreOf = Dictionary(uniqueKeysWithValues: zip(sets, scores))
            let scored = places.map { scoreOf[$0.sorted()] ?? 0 }
            let sorted = scored.indices.sorted { (scored[$1], $0) < (scored[$0], $1) }
            return sorted.prefix(width).map { (places[$0], scored[$0]) }
        }
        let all = Array(0..<candidates.columns)
        var beam = best(all.map { [$0] })
        for _ in 1..<max(1, count) {
            let next = best(
                beam.flatMap { place in
                    all.filter { !place.features.contains($0) }.map { place.features + [$0] }
                })
            if next.isEmpty { break }
            beam = next
        }
        selected = beam.first?.features ?? []
        score = beam.first?.score ?? 0
    }
}

/// Fits on training rows, scores on test rows.
private struct AutoQualJudge: Sendable {
    private let training: CentredProducts
    private let test: ColumnMatrix
    private let testRanks: [Double]

    init(_ candidates: ColumnMatrix, _ target: [Double], test: [Int], training: [Int]) {
        self.training = CentredProducts(
            candidates.selecting(rows: training), training.map { target[$0] }, nil)
        self.test = candidates.selecting(rows: test)
        testRanks = RankStatistics.midranks(test.map { target[$0] }) ?? []
    }

    func score(_ features: [Int]) -> Double {
        let p = test.columns
        let lengths = features.map { max(training.gram[$0 * p + $0], 1e-300).squareRoot() }
        let gram = zip(features, lengths).flatMap { a, length in
            zip(features, lengths).map { training.gram[a * p + $0] / (length * $1) }
        }
        guard let factor = CholeskyFactor(gram, order: features.count) else { return 0 }
        let scaled = factor.solve(zip(features, lengths).map { training.moments[$0] / $1 })
        var predictions = [Double](repeating: 0, count: test.rows)
        for (place, feature) in features.enumerated() {
            let coefficient = scaled[place] / lengths[place]
            let start = feature * test.rows
            for r in predictions.indices {
                predictions[r] += coefficient * test.storage[start + r]
            }
        }
        return RankStatistics.midranks(predictions)
            .flatMap { RankStatistics.pearson($0, testRanks) } ?? 0
    }
}

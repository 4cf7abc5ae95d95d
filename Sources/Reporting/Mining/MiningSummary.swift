import Inquiry
import Statistics

/// The headline figures of a run of `mine`, each beside its control.
public struct MiningSummary: Codable, Hashable, Sendable {
    /// Rank correlation of the features' score with the target, on the confirm rows.
    public let score: Estimate?
    /// That less the length baseline's, paired.
    public let gainOverLength: Estimate?
    /// What would have been reported without a confirm split.
    public let selectScore: Double?
    /// Features chosen, and those whose q-value is within the false-discovery rate.
    public let chosen: Int
    public let confirmed: Int
    /// Tools ever proposed, those that failed included.
    public let tried: Int
    public let null: Null?
    public let rowsSetAside: Int

    /// What the same machinery reports where there is nothing to find.
    public struct Null: Codable, Hashable, Sendable {
        /// Runs whose score is a number.
        public let runs: Int
        public let mean: Double
        public let low: Double
        public let high: Double
        /// Runs that reach the real score.
        public let reached: Int
        /// (reached + 1) / (runs + 1): Phipson and Smyth 2010.
        public let pValue: Double?
    }

    public init(_ record: MiningRecord) {
        let features = record.scores.first { $0.name == MiningRecord.Score.features }
        score = features?.spearman
        gainOverLength =
            record.scores.first { $0.name == MiningRecord.Score.length }?.gain
        selectScore = record.selectScore
        chosen = record.features.count
        confirmed = record.features.count(where: record.isConfirmed)
        tried = record.candidatesTried
        rowsSetAside = record.setAside.reduce(0) { $0 + $1.rows }
        null = record.null.flatMap { Null($0, real: features?.spearman?.value) }
    }
}

extension MiningSummary.Null {
    /// Nil where no run gave a score.
    init?(_ null: MiningRecord.NullDistribution, real: Double?) {
        let scores = null.scores.filter(\.isFinite)
        guard let low = scores.min(), let high = scores.max() else { return nil }
        let reached = real.map { real in scores.count { $0 >= real } }
        self.init(
            runs: scores.count, mean: scores.reduce(0) { $0 + $1 / Double(scores.count) },
            low: low, high: high, reached: reached ?? 0,
            pValue: reached.map { Double($0 + 1) / Double(scores.count + 1) })
    }
}

extension MiningRecord {
    /// Places of the chosen features, the heaviest first; as they were chosen where weights are the
    /// same.
    var ranking: [Int] {
        let weights = features.map { $0.weight.isFinite ? abs($0.weight) : 0 }
        return features.indices.sorted { a, b in
            weights[a] == weights[b] ? a < b : weights[a] > weights[b]
        }
    }
}

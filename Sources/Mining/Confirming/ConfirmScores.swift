import Inquiry
import Rows
import Statistics

/// One way to predict the target of rows.
struct NamedPrediction: Sendable {
    let name: String
    let values: [Double]
    /// On the target's own scale; nil where it predicts an order only.
    var target: [Double]?
}

/// How predictions do on the same rows, each with an interval over resampled groups and with what the
/// first gains over it on the same resampled rows.
enum ConfirmScores {
    /// - Parameter predictions: the features' own first.
    static func scores(
        _ predictions: [NamedPrediction], target: [Double], units: [Int], replicates: Int,
        seed: UInt64
    ) -> [MiningRecord.Score] {
        let count = predictions.count
        let estimates = Bootstrap.multiple(
            count: 2 * count, groups: units, replicates: replicates, level: 0.95, seed: seed
        ) { rows in
            let truth = rows.map { target[$0] }
            // A prediction that is the same for every row has no order: it correlates with nothing.
            let scores = predictions.map { prediction in
                RankStatistics.spearman(rows.map { prediction.values[$0] }, truth) ?? 0
            }
            return scores + scores.map { scores[0] - $0 }
        }
        return predictions.indices.map { index in
            MiningRecord.Score(
                name: predictions[index].name, spearman: estimates?[index],
                meanAbsoluteError: predictions[index].target.map { error($0, target) },
                gain: index == 0 ? nil : estimates?[count + index])
        }
    }

    private static func error(_ predicted: [Double], _ target: [Double]) -> Double {
        zip(predicted, target).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(max(1, target.count))
    }

    /// The same within each stratum of at least ``leastRows`` rows.
    static func strata(
        _ predictions: [NamedPrediction], rows: RowSet, units: [Int], replicates: Int, seed: UInt64
    ) -> [MiningRecord.Stratum] {
        guard let names = rows.strata else { return [] }
        return Set(names).sorted().compactMap { name in
            let places = names.indices.filter { names[$0] == name }
            guard places.count >= leastRows else { return nil }
            let parts = predictions.map { prediction in
                NamedPrediction(
                    name: prediction.name, values: places.map { prediction.values[$0] },
                    target: prediction.target.map { values in places.map { values[$0] } })
            }
            return MiningRecord.Stratum(
                name: name, rows: places.count,
                scores: scores(
                    parts, target: places.map { rows.target[$0] }, units: places.map { units[$0] },
                    replicates: replicates, seed: seed))
        }
    }

    static let leastRows = 30
}

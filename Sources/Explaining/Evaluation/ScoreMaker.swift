import Digests
import LinearAlgebra
import Statistics

/// Makes scores of answers.
struct ScoreMaker {
    let replicates: Int
    let seed: UInt64
    static let level = 0.95

    /// - Parameters:
    ///   - nothing: why there is no text to ask about, should there be none.
    ///   - isShare: whether the sums are successes and trials; then the interval is Wilson's, which
    ///     also says something when all texts agree.
    func score(
        _ metric: EvaluationMetric, _ answers: [TextAnswer], nothing: String, isShare: Bool = false,
        statistic: ([Double]) -> Double?
    ) -> JudgedScore {
        guard !answers.isEmpty else { return .none(metric, nothing) }
        if let reason = answers.lazy.compactMap(\.abstention).first {
            return .none(metric, reason)
        }
        var failures: [String: Int] = [:]
        for reason in answers.flatMap(\.failures) { failures[reason, default: 0] += 1 }
        let groups = answers.compactMap(\.sums)
        let estimate =
            isShare ? share(groups) : interval(metric, groups, statistic)
        let worst = answers.compactMap(\.worst)
        return JudgedScore(
            metric: metric, estimate: estimate,
            lowest: worst.isEmpty ? nil : statistic(Self.sum(worst)),
            asked: answers.reduce(0) { $0 + $1.asked }, failures: failures,
            absence: estimate == nil ? "the answers do not determine it" : nil)
    }

    private func interval(
        _ metric: EvaluationMetric, _ groups: [[Double]], _ statistic: ([Double]) -> Double?
    ) -> Estimate? {
        var generator = SeededGenerator(
            seed: seed, stream: SHA256.digest(of: metric.rawValue).prefix64)
        return Bootstrap.interval(
            groups: groups, replicates: replicates, level: Self.level, generator: &generator,
            statistic: statistic)
    }

    private func share(_ groups: [[Double]]) -> Estimate? {
        guard !groups.isEmpty else { return nil }
        let sum = Self.sum(groups)
        let (successes, trials) = (Int(sum[0]), Int(sum[1]))
        return Estimate(
            value: Double(successes) / Double(max(1, trials)),
            interval: BinomialInterval.wilson(
                successes: successes, trials: trials, level: Self.level),
            count: groups.count)
    }

    private static func sum(_ groups: [[Double]]) -> [Double] {
        groups.dropFirst().reduce(groups[0]) { zip($0, $1).map(+) }
    }
}

/// Statistics of sums over texts, as the bootstrap needs them.
enum SumStatistics {
    /// One answer about one text, as true positive, false positive, true negative, false negative.
    static func counts(said: Bool, isTrue: Bool) -> [Double] {
        [said && isTrue, said && !isTrue, !said && !isTrue, !said && isTrue].map { $0 ? 1 : 0 }
    }

    static func balancedAccuracy(_ sums: [Double]) -> Double? {
        ConfusionCounts(
            truePositives: sums[0], falsePositives: sums[1], trueNegatives: sums[2],
            falseNegatives: sums[3]
        ).balancedAccuracy
    }

    static func ratio(_ sums: [Double]) -> Double? { sums[1] > 0 ? sums[0] / sums[1] : nil }

    /// The count, the sums and the products from which Pearson's r follows.
    static func moments(_ x: [Double], _ y: [Double]) -> [Double] {
        zip(x, y).reduce(into: [0, 0, 0, 0, 0, 0]) { sums, pair in
            let (x, y) = pair
            for (place, term) in [1, x, y, x * x, y * y, x * y].enumerated() {
                sums[place] += term
            }
        }
    }

    /// Pearson's r. A side that never varies goes with nothing: where the prediction is the same
    /// everywhere, r is 0; where the truth is, nil.
    static func correlation(_ sums: [Double]) -> Double? {
        let (n, x, y) = (sums[0], sums[1], sums[2])
        guard n > 0 else { return nil }
        let (xx, yy) = (sums[3] - x * x / n, sums[4] - y * y / n)
        guard yy > 1e-12 * sums[4] else { return nil }
        guard xx > 1e-12 * sums[3] else { return 0 }
        return min(1, max(-1, (sums[5] - x * y / n) / (xx * yy).squareRoot()))
    }

    /// How often each prediction from 0 to 10 was made of a firing text, then of a silent one.
    static func bin(_ prediction: Int, fires: Bool) -> [Double] {
        var bins = [Double](repeating: 0, count: 22)
        bins[prediction + (fires ? 0 : 11)] = 1
        return bins
    }

    /// The area under the ROC curve of binned predictions, ties counting half.
    static func auroc(_ bins: [Double]) -> Double? {
        let (firing, silent) = (bins[..<11].reduce(0, +), bins[11...].reduce(0, +))
        guard firing > 0, silent > 0 else { return nil }
        var (wins, below) = (0.0, 0.0)
        for prediction in 0...10 {
            let ties = bins[prediction + 11]
            wins += bins[prediction] * (below + ties / 2)
            below += ties
        }
        return wins / (firing * silent)
    }
}

import Foundation

/// Tests of whether paired differences lean to one side. Two-sided, and exact where that is cheap.
///
/// Pairs that do not differ say nothing of a direction and are left out, as both authors did.
///
/// - Precondition: every difference is finite.
public enum PairedTests {
    /// Differences that are tested by their exact distribution; more use the normal one.
    public static let exactLimit = 60

    /// The chance of a split of wins and losses at least as uneven, were each as likely as the other.
    ///
    /// - Returns: 1 when nothing differs.
    /// - Source: Dixon and Mood, JASA 41, 1946.
    public static func sign(_ differences: [Double]) -> Double {
        requireFinite(differences)
        let wins = differences.count { $0 > 0 }
        let losses = differences.count { $0 < 0 }
        let trials = wins + losses
        let tail = (0...min(wins, losses)).reduce(0.0) { sum, successes in
            sum + exp(logChoose(trials, successes) - Double(trials) * log(2))
        }
        return min(1, 2 * tail)
    }

    /// Wilcoxon's signed-rank test: the chance of a sum of the positive differences' ranks at least as
    /// far from its mean, were each rank as likely positive as negative. Ties share the mean of their
    /// ranks, and the exact distribution is that of the ranks as they are.
    ///
    /// - Returns: 1 when nothing differs.
    /// - Complexity: O(n³) up to ``exactLimit``, O(n log n) past it.
    /// - Source: Wilcoxon, Biometrics Bulletin 1, 1945; for ties Pratt, JASA 54, 1959, section 3.
    public static func signedRank(_ differences: [Double]) -> Double {
        requireFinite(differences)
        let differing = differences.filter { $0 != 0 }
        guard let midranks = RankStatistics.midranks(differing.map(abs)), !differing.isEmpty else {
            return 1
        }
        // Twice a midrank is a whole number.
        let ranks = midranks.map { Int(2 * $0) }
        let total = ranks.reduce(0, +)
        let positive = zip(ranks, differing).reduce(0) { $1.1 > 0 ? $0 + $1.0 : $0 }
        // Twice the distance from the mean, so that it stays whole.
        let distance = abs(2 * positive - total)
        return differing.count <= exactLimit
            ? exact(ranks, total: total, distance: distance)
            : approximate(ranks, distance: distance)
    }

    private static func exact(_ ranks: [Int], total: Int, distance: Int) -> Double {
        var chances = [Double](repeating: 0, count: total + 1)
        chances[0] = 1
        var reached = 0
        for rank in ranks {
            reached += rank
            for sum in stride(from: reached, through: 0, by: -1) {
                chances[sum] = (chances[sum] + (sum >= rank ? chances[sum - rank] : 0)) / 2
            }
        }
        let tail = chances.indices.reduce(0.0) {
            abs(2 * $1 - total) >= distance ? $0 + chances[$1] : $0
        }
        return min(1, tail)
    }

    /// The sum has the variance Σ rank²/4; a half rank corrects for its steps.
    private static func approximate(_ ranks: [Int], distance: Int) -> Double {
        let variance = ranks.reduce(0.0) { $0 + Double($1) * Double($1) } / 16
        let away = max(0, Double(distance) / 4 - 0.5)
        return min(1, 2 * NormalDistribution.cumulative(-away / variance.squareRoot()))
    }

    private static func logChoose(_ n: Int, _ k: Int) -> Double {
        lgamma(Double(n) + 1) - lgamma(Double(k) + 1) - lgamma(Double(n - k) + 1)
    }

    private static func requireFinite(_ differences: [Double]) {
        precondition(
            differences.allSatisfy(\.isFinite), "PairedTests: every difference must be finite")
    }
}

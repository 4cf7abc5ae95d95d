/// Intervals for the chance behind a number of successes.
///
/// Both return nil for no trials, a number of successes outside 0…trials or a level that is not
/// above 0 and below 1.
public enum BinomialInterval {
    /// Wilson's score interval, whose coverage is close to the level on average. With p = k/n and
    /// z = Φ⁻¹((1 + level)/2),
    ///
    ///     (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n).
    ///
    /// - Source: Wilson, JASA 22, 1927.
    public static func wilson(successes: Int, trials: Int, level: Double) -> Interval? {
        guard isUsable(successes, trials, level) else { return nil }
        let n = Double(trials)
        let p = Double(successes) / n
        let z = -NormalDistribution.quantile((1 - level) / 2)
        let centre = p + z * z / (2 * n)
        let reach = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        let low = successes == 0 ? 0 : max(0, (centre - reach) / scale)
        let high = successes == trials ? 1 : min(1, (centre + reach) / scale)
        return Interval(low: low, high: high, level: level)
    }

    /// The exact interval of Clopper and Pearson, whose coverage is never below the level. With
    /// α = 1 − level, its ends are the quantiles α/2 of Beta(k, n − k + 1) and 1 − α/2 of
    /// Beta(k + 1, n − k).
    ///
    /// - Source: Clopper and Pearson, Biometrika 26, 1934.
    public static func clopperPearson(successes: Int, trials: Int, level: Double) -> Interval? {
        guard isUsable(successes, trials, level) else { return nil }
        let tail = (1 - level) / 2
        guard
            let low = lowerEnd(successes, of: trials, tail: tail),
            let gap = lowerEnd(trials - successes, of: trials, tail: tail)
        else { return nil }
        return Interval(low: low, high: 1 - gap, level: level)
    }

    /// The lower end; the upper end is 1 less the lower end for the failures.
    private static func lowerEnd(_ successes: Int, of trials: Int, tail: Double) -> Double? {
        guard successes > 0 else { return 0 }
        return IncompleteBeta.inverse(
            tail, a: Double(successes), b: Double(trials - successes + 1))
    }

    private static func isUsable(_ successes: Int, _ trials: Int, _ level: Double) -> Bool {
        trials > 0 && (0...trials).contains(successes) && level > 0 && level < 1
    }
}

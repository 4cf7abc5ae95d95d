/// Adjusted p-values: comparing one with α decides as the whole procedure at level α would.
///
/// Results are in the order given, at most 1 and never below the p-value itself.
///
/// - Complexity: O(n log n) each.
/// - Precondition: every p-value is in 0…1.
public enum MultipleTesting {
    /// False discovery rate under independence or positive dependence:
    /// p̃₍ᵢ₎ = min_{j ≥ i} min(1, n p₍ⱼ₎ / j).
    ///
    /// - Source: Benjamini and Hochberg, JRSS B 57(1), 1995.
    public static func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
        stepUp(pValues, factor: Double(pValues.count))
    }

    /// False discovery rate under any dependence: Benjamini and Hochberg's values times
    /// Σ_{i ≤ n} 1/i, at most 1.
    ///
    /// - Source: Benjamini and Yekutieli, Annals of Statistics 29(4), 2001.
    public static func benjaminiYekutieli(_ pValues: [Double]) -> [Double] {
        let harmonic = pValues.indices.reduce(0) { $0 + 1 / Double($1 + 1) }
        return stepUp(pValues, factor: Double(pValues.count) * harmonic)
    }

    /// Chance of any false rejection under any dependence:
    /// p̃₍ᵢ₎ = max_{j ≤ i} min(1, (n − j + 1) p₍ⱼ₎).
    ///
    /// - Source: Holm, Scandinavian Journal of Statistics 6(2), 1979.
    public static func holm(_ pValues: [Double]) -> [Double] {
        var adjusted = pValues
        var largest = 0.0
        for (i, index) in ascending(pValues).enumerated() {
            largest = max(largest, min(1, Double(pValues.count - i) * pValues[index]))
            adjusted[index] = largest
        }
        return adjusted
    }

    /// The running minimum of factor · p₍ⱼ₎ / j from the largest p-value down.
    private static func stepUp(_ pValues: [Double], factor: Double) -> [Double] {
        var adjusted = pValues
        var smallest = 1.0
        for (i, index) in ascending(pValues).enumerated().reversed() {
            // In this order the rounding never takes the result below the p-value.
            smallest = min(smallest, pValues[index] * (factor / Double(i + 1)))
            adjusted[index] = smallest
        }
        return adjusted
    }

    private static func ascending(_ pValues: [Double]) -> [Int] {
        precondition(
            pValues.allSatisfy { (0...1).contains($0) }, "MultipleTesting: p-values must be in 0…1")
        return pValues.indices.sorted { pValues[$0] < pValues[$1] }
    }
}

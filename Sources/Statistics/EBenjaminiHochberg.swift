import Foundation

/// The e-BH procedure: false discovery rate control from e-values.
///
/// With e₍₁₎ ≥ … ≥ e₍ₙ₎ it rejects the k* largest, k* = max {k : k e₍ₖ₎ / n ≥ 1/α}. The expected
/// share of true null hypotheses among the rejected is at most α under any dependence.
///
/// - Source: Wang and Ramdas, "False discovery rate control with e-values", JRSS B 84(3), 2022.
public enum EBenjaminiHochberg {
    /// Which hypotheses are rejected, in the order given.
    ///
    /// - Parameter logEValues: the logarithm of each hypothesis' e-value, such as
    ///   ``EProcess/logValue`` at a stopping time; −∞ and ∞ are allowed. The running maximum of a
    ///   process is not an e-value and must not be passed.
    /// - Complexity: O(n log n).
    /// - Precondition: no value is NaN; `level` is in 0…1.
    public static func rejected(logEValues: [Double], level: Double) -> [Bool] {
        precondition((0...1).contains(level), "e-BH: the level must be in 0…1, found \(level)")
        precondition(!logEValues.contains { $0.isNaN }, "e-BH: an e-value is not a number")
        let descending = logEValues.sorted(by: >)
        let threshold = { (rank: Int) in
            log(Double(logEValues.count)) - log(Double(rank)) - log(level)
        }
        let last = descending.indices.last { descending[$0] >= threshold($0 + 1) }
        guard level > 0, let last else { return logEValues.map { _ in false } }
        // Equal values stand or fall together: if the last of them fell, so would its equals.
        return logEValues.map { $0 >= descending[last] }
    }
}

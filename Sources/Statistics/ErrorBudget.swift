/// An error rate spread over a countable sequence of hypotheses.
///
/// The j-th hypothesis is tested at level α/(j(j + 1)). As Σ_j 1/(j(j + 1)) = 1, the chance that
/// any true null hypothesis of the sequence is ever rejected is at most α, however many are posed
/// and however each depends on the results of those before it.
///
/// - Source: the union bound; Foster and Stine, "α-investing", JRSS B 70(2), 2008, for the setting.
public struct ErrorBudget: Hashable, Sendable, Codable {
    /// The error rate of the whole sequence, α.
    public let total: Double

    /// - Precondition: `total` is in 0…1.
    public init(total: Double) {
        precondition((0...1).contains(total), "ErrorBudget: the total must be in 0…1: \(total)")
        self.total = total
    }

    /// The level of one hypothesis, α/(j(j + 1)).
    ///
    /// - Parameter ordinal: the hypothesis' place in the sequence, from 1. Each place is used once.
    /// - Precondition: `ordinal` is at least 1.
    public func level(ofHypothesis ordinal: Int) -> Double {
        precondition(ordinal >= 1, "level(ofHypothesis: \(ordinal)): ordinals start at 1")
        let j = Double(ordinal)
        return total / (j * (j + 1))
    }
}

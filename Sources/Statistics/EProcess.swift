import Foundation

// Statistics: pure functions and value types from numbers to estimates, intervals and evidence.
//
// Read `EProcess` (evidence that may be looked at after every observation), `ErrorBudget` (how an
// inquiry shares one error rate among its hypotheses) and `Estimate` (a number that carries its
// interval and count). Chance enters only as a seeded generator passed by the caller. This module
// knows no subjects, hypotheses or reports.

/// Evidence against "the conditional mean never exceeds the bar" (or, mirrored, "never falls
/// below it") that stays valid however often it is looked at and whenever the inquiry stops.
///
/// For observations x₁, x₂, … in [0, 1] and H₀: E[x_t | past] ≤ bar, every bet λ ∈ (0, 1/bar]
/// makes Π_t (1 + λ (x_t − bar)) a non-negative supermartingale that starts at 1, and so is the
/// mean of 16 of them,
///
///     E_n = (1/16) Σ_j Π_{t ≤ n} (1 + λ_j (x_t − bar)),   λ_j = f_j / bar.
///
/// Ville's inequality bounds the chance that it ever reaches 1/α under H₀ by α. The fractions f_j
/// lie in (0, 1): for yes-or-no observations of mean p the best is (p − bar)/(1 − bar), so the grid
/// suits every alternative, and the mixture loses at most log 16 = 2.8 against its best member.
///
/// - Complexity: constant time and memory per observation.
/// - Note: a process in each direction at level α errs with a chance of at most 2α together.
/// - Source: Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting",
///   JRSS B 86(1), 2024; Ville, "Étude critique de la notion de collectif", 1939.
public struct EProcess: Hashable, Sendable, Codable {
    /// Which side of the bar the null hypothesis keeps the mean on.
    public enum Null: String, Hashable, Sendable, Codable {
        /// E[x_t | past] ≤ bar; high observations are evidence against it.
        case atMost
        /// E[x_t | past] ≥ bar; low observations are evidence against it.
        case atLeast
    }

    /// The bound on the mean that the null hypothesis states.
    public let bar: Double
    /// The side on which the null hypothesis keeps the mean.
    public let null: Null
    /// The number of observations so far.
    public private(set) var count = 0
    /// The largest ``logValue`` so far, at least 0, its value before the first observation.
    public private(set) var maximumLogValue = 0.0

    private var sum = 0.0
    /// The wealth of each bet, divided by exp(`logScale`).
    private var wealth = SIMD16<Double>(repeating: 1)
    private var logScale = 0.0

    /// A process against H₀: E[x_t | past] ≤ `bar`.
    ///
    /// - Precondition: `bar` is in 0…1. At 1 nothing can speak against the null hypothesis.
    public init(nullMeanAtMost bar: Double) {
        self.init(bar: bar, null: .atMost)
    }

    /// A process against H₀: E[x_t | past] ≥ `bar`, for refuting a claim. It is the process against
    /// "at most 1 − bar" fed with 1 − x.
    ///
    /// - Precondition: `bar` is in 0…1. At 0 nothing can speak against the null hypothesis.
    public init(nullMeanAtLeast bar: Double) {
        self.init(bar: bar, null: .atLeast)
    }

    private init(bar: Double, null: Null) {
        precondition((0...1).contains(bar), "EProcess: the bar must be in 0…1, found \(bar)")
        self.bar = bar
        self.null = null
    }

    /// Takes in the next observation.
    ///
    /// - Precondition: `x` is in 0…1.
    public mutating func observe(_ x: Double) {
        precondition((0...1).contains(x), "EProcess: an observation must be in 0…1, found \(x)")
        count += 1
        sum += x
        let (outcome, bound) = null == .atMost ? (x, bar) : (1 - x, 1 - bar)
        let payoff = (outcome - bound) / max(bound, Self.smallestBound)
        wealth *= 1 + Self.fractions * payoff
        rescaleIfNeeded()
        maximumLogValue = max(maximumLogValue, logValue)
    }

    /// The logarithm of the evidence, log E_n; 0 before the first observation.
    public var logValue: Double { logScale + log(wealth.sum() / Double(wealth.scalarCount)) }

    /// The evidence E_n: the factor by which the bets have multiplied a stake of 1. Infinite once
    /// ``logValue`` passes 709.
    public var value: Double { exp(logValue) }

    /// The mean of the observations; nil before the first.
    public var mean: Double? { count == 0 ? nil : sum / Double(count) }

    /// Whether the evidence has ever reached 1/level, which happens with a chance of at most
    /// `level` under the null hypothesis. Once true it stays true.
    ///
    /// - Precondition: `level` is in 0…1. At 0 nothing is ever rejected.
    public func rejects(at level: Double) -> Bool {
        precondition((0...1).contains(level), "rejects(at: \(level)): the level must be in 0…1")
        return maximumLogValue >= -log(level)
    }

    /// Moves a common factor into `logScale` before the wealth leaves the range of `Double`.
    ///
    /// Every fraction is below 1, so the total stays positive. A bet 300 orders of magnitude behind
    /// the total may vanish, which only lowers the evidence and keeps it valid.
    private mutating func rescaleIfNeeded() {
        let total = wealth.sum()
        guard total < 0x1p-256 || total > 0x1p256 else { return }
        wealth /= total
        logScale += log(total)
    }

    /// The bets as fractions of the largest allowed, dense near 0 for small effects.
    private static let fractions = SIMD16<Double>(
        0.01, 0.02, 0.04, 0.07, 0.11, 0.16, 0.22, 0.29,
        0.37, 0.45, 0.54, 0.63, 0.72, 0.81, 0.9, 0.98)
    /// Keeps the bets finite for a bar near 0; smaller bets than allowed are valid too.
    private static let smallestBound = 1e-3
}

import Foundation
import LinearAlgebra

/// Drops a feature that costs money to measure once few rows have shown that its rank correlation
/// with the target is below a bar, however often one looks.
///
/// Rows come in blocks. A block's observation is how well the feature orders its rows by target,
///
///     o = Σ_{i<j} (vᵢ − vⱼ) sign(xᵢ − xⱼ) / Σ_{i<j} |vᵢ − vⱼ|      in −1…1,
///
/// v being the target's midranks among all rows, known beforehand. Blocks are drawn from all rows
/// in proportion to their denominator, independently of one another, and then the mean of o is
/// Σ (vᵢ − vⱼ) sign(xᵢ − xⱼ) / Σ |vᵢ − vⱼ| over all pairs of rows: the Spearman correlation that
/// measuring every row would give, times a factor that is 1 without ties. Two products of bets,
///
///     Π (1 + λ (bar − o))    and    Π (1 + λ (bar + o)),    λ known before o,
///
/// have a mean of at most 1 while that correlation is at least the bar, or at most −bar. The feature
/// is dropped when both have reached 1/level, which by Ville's inequality happens with a chance of
/// at most `level` to one at or beyond the bar, whenever one stops. With ties in the feature the
/// factor is estimated from the rows before, and the guarantee is approximate.
///
/// Repeat `observe(_:)` with the values of ``needed`` while the verdict is open. At level 0.1 a
/// feature that says nothing is dropped after some 160 rows at a bar of 0.25, 110 at 0.3.
///
/// - Source: Waudby-Smith and Ramdas, JRSS B 86(1), 2024, for the bets; Daniels, Biometrika 33,
///   1944, for the correlation as a sum over pairs.
public struct SequentialScreen: Sendable {
    /// What is known so far.
    public enum Verdict: String, Hashable, Sendable, Codable {
        /// Neither dropped nor measured on as many rows as allowed.
        case open
        /// The correlation is below the bar.
        case dropped
        /// As many rows as allowed were measured.
        case kept
    }

    /// The absolute Spearman correlation below which a feature is dropped.
    public let bar: Double
    /// The chance of dropping one at or above the bar.
    public let level: Double
    public private(set) var verdict = Verdict.open
    /// The rows whose values ``observe(_:)`` wants next; empty once the verdict is not open.
    public private(set) var needed: [Int] = []
    /// The values so far, by row.
    public var values: [Int: Double] {
        var known: [Int: Double] = [:]
        for (row, value) in measured.enumerated() { known[row] = value }
        return known
    }
    /// How many rows were measured so far.
    public var measuredCount: Int { ties.count }
    /// The blocks so far.
    public private(set) var blockCount = 0

    private var pairs: TargetPairs
    private var measured: [Double?]
    private var ties = TieCount()
    private var block: [Int] = []
    private let rowLimit: Int
    /// The variance of a block of a feature that says nothing and has no ties.
    private let untiedVariance: Double
    private var observationSum = 0.0
    private var squareSum = 0.0
    private var logWealth = SIMD2<Double>.zero
    private var mostWealth = SIMD2<Double>.zero
    /// How many observations the variance that is expected beforehand counts for.
    private static let priorWeight = 4.0

    /// - Parameters:
    ///   - target: of all rows, at least as many as a block.
    ///   - bar: above 0 and below 1.
    ///   - level: above 0 and below 1.
    ///   - blockSize: rows of a block, at least 2; more use each row better, 8 is seven eighths of
    ///     what can be had.
    ///   - rowLimit: rows after which the feature is kept; nil for half of them, past which
    ///     dropping saves little.
    public init(
        target: [Double], bar: Double = 0.25, level: Double = 0.1, blockSize: Int = 8,
        rowLimit: Int? = nil, seed: UInt64
    ) {
        precondition(bar > 0 && bar < 1, "SequentialScreen: the bar must be in 0…1: \(bar)")
        precondition(level > 0 && level < 1, "SequentialScreen: the level must be in 0…1: \(level)")
        precondition(
            blockSize >= 2 && blockSize <= target.count,
            "SequentialScreen: blocks of \(blockSize) from \(target.count) rows")
        self.bar = bar
        self.level = level
        self.rowLimit = min(rowLimit ?? (target.count + 1) / 2, target.count)
        measured = [Double?](repeating: nil, count: target.count)
        untiedVariance = 1 / Double(blockSize - 1)
        pairs = TargetPairs(target, blockSize: blockSize, seed: seed)
        advance()
    }

    /// Takes in the values of ``needed``, in its order.
    ///
    /// - Precondition: the verdict is open, there are as many values as rows and all are finite.
    public mutating func observe(_ found: [Double]) {
        precondition(
            verdict == .open && found.count == needed.count && found.allSatisfy(\.isFinite),
            "SequentialScreen: \(found.count) values for \(needed.count) rows")
        let bound = bound()
        for (row, value) in zip(needed, found) {
            measured[row] = value
            ties.add(value)
        }
        settle(bound)
        advance()
    }

    /// The estimated Spearman correlation; nil before the first block.
    public var estimate: Double? {
        let factor = pairs.untiedFactor * ties.factor
        guard blockCount > 0, factor > 0 else { return nil }
        return min(1, max(-1, observationSum / Double(blockCount) / factor))
    }

    /// The bar in terms of a block's mean, by the ties seen so far.
    private func bound() -> Double { min(0.95, bar * pairs.untiedFactor * ties.factor) }

    /// Draws blocks and settles those whose rows are all known, until a row is needed.
    private mutating func advance() {
        needed = []
        while verdict == .open {
            guard measuredCount < rowLimit, let next = pairs.nextBlock() else {
                verdict = .kept
                return
            }
            block = next
            needed = next.filter { measured[$0] == nil }
            if !needed.isEmpty { return }
            settle(bound())
        }
    }

    /// Pays the bets on the block, which were fixed by the blocks before.
    private mutating func settle(_ bound: Double) {
        let tied = bound / bar
        let variance =
            (squareSum + Self.priorWeight * untiedVariance * tied * tied)
            / (Double(blockCount) + Self.priorWeight)
        let bet = bound > 0 ? min(0.9 / (1 - bound), bound / (variance + bound * bound)) : 0
        let observation = pairs.observation(block, measured)
        let payoff = SIMD2(bound - observation, bound + observation)
        let factors = 1 + bet * payoff
        logWealth += SIMD2(log(factors.x), log(factors.y))
        mostWealth = pointwiseMax(mostWealth, logWealth)
        observationSum += observation
        squareSum += observation * observation
        blockCount += 1
        if mostWealth.min() >= -log(level) { verdict = .dropped }
    }
}

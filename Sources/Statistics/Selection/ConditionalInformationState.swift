import Foundation
import LinearAlgebra

/// Candidates judged by what they tell about the target given controls and chosen features.
struct ConditionalInformationState: SelectionState {
    private let neighbours: Int
    private let confidence: Double
    private let target: [Double]
    private let candidates: [[Double]]
    private let probes: [[Double]]
    private var given: ColumnMatrix
    private var taken: Set<Int> = []
    /// Σ of the gains: by the chain rule what the set tells beyond the controls.
    private(set) var merit = 0.0
    private let judged: [Judged]

    private struct Judged: Sendable {
        let feature: Int
        let gain: Double
    }
    private let probeGains: [Double]

    init(
        _ products: FoldProducts, target: TargetProducts, neighbours: Int, confidence: Double,
        seed: UInt64
    ) {
        var generator = SeededGenerator(seed: seed, stream: 0x6A_6974_7465)
        func broken(_ columns: Range<Int>) -> [[Double]] {
            columns.map {
                MutualInformation.uniformRanks(
                    Array(products.table.column($0)), generator: &generator)
            }
        }
        let controls = broken(1..<products.candidates.lowerBound)
        let columns = broken(products.candidates)
        let noise = broken(products.core..<min(products.width, products.core + Self.probeLimit))
        let ranks = MutualInformation.uniformRanks(target.values, generator: &generator)
        self.init(
            neighbours, confidence, ranks, columns, noise,
            given: ColumnMatrix(rows: ranks.count, columns: controls), taken: [], merit: 0)
    }

    /// Probes cost as much as candidates here, and 24 tell their mean and spread.
    private static let probeLimit = 24

    private init(
        _ neighbours: Int, _ confidence: Double, _ target: [Double], _ candidates: [[Double]],
        _ probes: [[Double]], given: ColumnMatrix, taken: Set<Int>, merit: Double
    ) {
        (self.neighbours, self.confidence) = (neighbours, confidence)
        (self.target, self.candidates, self.probes) = (target, candidates, probes)
        (self.given, self.taken, self.merit) = (given, taken, merit)
        let open = candidates.indices.filter { !taken.contains($0) }
        let gains =
            MutualInformation.of(
                open.map { candidates[$0] } + probes, with: target, given: given,
                neighbours: neighbours) ?? []
        judged = zip(open, gains).map { Judged(feature: $0, gain: $1) }
        probeGains = Array(gains.dropFirst(open.count))
    }

    func contenders() -> [SelectionPath.Contender] {
        judged.map {
            SelectionPath.Contender(feature: $0.feature, gain: $0.gain, correlation: $0.gain)
        }.sorted { ($1.gain, $0.feature) < ($0.gain, $1.feature) }
    }

    /// The mean of the probes' gains, which need not be 0, and so many of their spreads that the
    /// best of `count` noise features stays below with the asked confidence.
    func noise(
        _ contender: SelectionPath.Contender, among count: Int
    ) -> (bar: Double, standardError: Double?) {
        guard probeGains.count >= 2 else { return (.infinity, nil) }
        let mean = probeGains.reduce(0, +) / Double(probeGains.count)
        let square = probeGains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let spread = (square / Double(probeGains.count - 1)).squareRoot()
        let tail = -expm1(log(confidence) / Double(count))
        return (mean - NormalDistribution.quantile(tail) * spread, nil)
    }

    func taking(_ candidate: Int) -> ConditionalInformationState {
        let column = ColumnMatrix(rows: given.rows, columns: [candidates[candidate]])
        let gain = judged.first { $0.feature == candidate }?.gain ?? 0
        return ConditionalInformationState(
            neighbours, confidence, target, candidates, probes, given: given.appending(column),
            taken: taken.union([candidate]), merit: merit + gain)
    }
}

import Digests
import LinearAlgebra
import Statistics

/// Whether one source's explanations score better than another's, feature by feature.
public struct SourceComparison: Codable, Hashable, Sendable {
    public let metric: EvaluationMetric
    public let first: String
    public let second: String
    /// First less second, over the features that have both.
    public let difference: Estimate
    public let wins: Int
    public let losses: Int
    public let ties: Int
    public let signedRank: Double
    public let sign: Double
    /// The signed-rank test's p-value after Holm, over all comparisons of the report.
    public let adjusted: Double

    /// Features that a comparison needs: with fewer no test can reach 0.05.
    static let leastFeatures = 6

    static func all(
        _ features: [FeatureEvaluation], _ settings: EvaluationSettings
    ) -> [SourceComparison] {
        let tables = features.map { feature in
            Dictionary(
                feature.explanations.map { ($0.explanation.source, $0) },
                uniquingKeysWith: { a, _ in a })
        }
        var sources: [String] = []
        for explanation in features.flatMap(\.explanations).map(\.explanation.source)
        where !sources.contains(explanation) {
            sources.append(explanation)
        }
        var found: [SourceComparison] = []
        for metric in EvaluationMetric.allCases {
            for (place, first) in sources.enumerated() {
                for second in sources[(place + 1)...] {
                    let differences = tables.compactMap { table -> Double? in
                        guard let a = table[first]?[metric]?.estimate?.value,
                            let b = table[second]?[metric]?.estimate?.value
                        else { return nil }
                        return a - b
                    }
                    guard differences.count >= leastFeatures,
                        let result = compare(metric, first, second, differences, settings)
                    else { continue }
                    found.append(result)
                }
            }
        }
        let adjusted = MultipleTesting.holm(found.map(\.signedRank))
        return zip(found, adjusted).map { $0.adjusting($1) }
    }

    private static func compare(
        _ metric: EvaluationMetric, _ first: String, _ second: String, _ differences: [Double],
        _ settings: EvaluationSettings
    ) -> SourceComparison? {
        var generator = SeededGenerator(
            seed: settings.seed, stream: SHA256.digest(of: metric.rawValue).prefix64)
        guard
            let mean = Bootstrap.meanInterval(
                differences, replicates: settings.replicates, level: ScoreMaker.level,
                generator: &generator)
        else { return nil }
        let chance = PairedTests.signedRank(differences)
        return SourceComparison(
            metric: metric, first: first, second: second,
            difference: mean, wins: differences.count { $0 > 0 },
            losses: differences.count { $0 < 0 },
            ties: differences.count { $0 == 0 }, signedRank: chance,
            sign: PairedTests.sign(differences), adjusted: chance)
    }

    private func adjusting(_ value: Double) -> SourceComparison {
        SourceComparison(
            metric: metric, first: first, second: second, difference: difference, wins: wins,
            losses: losses, ties: ties, signedRank: signedRank, sign: sign, adjusted: value)
    }
}

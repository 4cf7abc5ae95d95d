import Foundation
import Inquiry
import LinearAlgebra
import Rows
import Statistics
import Tools

/// One seed of the planted benchmark: what `mine` finds of what was planted, and what AutoQual's
/// published criterion finds in the same values.
public struct MiningTrial: Sendable {
    /// What a way of choosing found.
    public struct Outcome: Codable, Hashable, Sendable {
        /// The share of the planted features that were found.
        public let recall: Double
        /// The share of what was found that was planted; nil where nothing was found.
        public let precision: Double?
        public let found: Int
        /// The score that is reported.
        public let reported: Double
    }

    public let ours: Outcome
    public let autoqual: Outcome
    /// Whether the interval of our reported score covers what the features score on rows that neither
    /// has seen.
    public let coversTruth: Bool

    /// How closely a feature must go with a planted one for that to be found, and with all of them
    /// together (multiple correlation) to count as a discovery: proxies and mixtures of what was
    /// planted are true.
    static let likeness = 0.7

    public init(seed: UInt64, settings: PlantedReviews.Settings = PlantedReviews.Settings())
        async throws
    {
        let reviews = try PlantedReviews(seed: seed, settings: settings)
        let study = try Self.study(reviews.rows, seed: seed)
        var state = MiningState(reflections: 0)
        while let step = state.next() { try state.apply(try await study.answer(step, state)) }
        guard let outcome = state.outcome else {
            throw MiningError.unfinished(run: "trial \(seed)")
        }
        let record = outcome.record
        let confirmed = record.features.filter(record.isConfirmed).map(\.name)
        let sound = state.sound.map(\.tool)
        let values = try await study.bench.values(of: sound, rows: reviews.rows).map(
            \.column.filled)
        let likeness = Likeness(
            names: sound.map(\.name), values: values, planted: reviews.planted)
        let score = record.scores.first?.spearman
        ours = likeness.outcome(of: confirmed, reported: score?.value ?? 0)
        let theirs = AutoQualSelection(
            candidates: ColumnMatrix(rows: reviews.rows.count, columns: values),
            target: reviews.rows.target, seed: seed)
        autoqual = likeness.outcome(
            of: theirs.selected.map { sound[$0].name }, reported: theirs.score)

        let fresh = try PlantedReviews(seed: seed, unseen: true, settings: settings)
        let truth = try await Self.score(outcome.pack, on: fresh.rows)
        coversTruth = score?.interval?.contains(truth) ?? false
    }

    /// The run of `mine` without a memory: built-in statistics and induced lists, no null.
    private static func study(_ rows: RowSet, seed: UInt64) throws -> MiningStudy {
        var settings = MiningSettings()
        (settings.reflections, settings.nullRuns, settings.stabilityPairs) = (0, 0, 0)
        let manifest = MiningManifest(
            data: .init(path: "planted", format: nil, schema: rows.schema, rows: rows), seed: seed,
            settings: settings)
        return try MiningStudy(
            manifest: manifest, rows: rows,
            python: PassingPython(room: SandboxRoom(isUnsafe: false)))
    }

    private static func score(_ pack: FeaturePack, on rows: RowSet) async throws -> Double {
        let scores = try await PackScorer(pack: pack, usesStandIns: false, isUnsafe: false)
            .score(rows.texts).map(\.score)
        return RankStatistics.spearman(scores, rows.target) ?? 0
    }
}

/// Which candidates are planted features, or as good as.
private struct Likeness {
    let names: [String]
    let values: [[Double]]
    let planted: [String]

    func outcome(of found: [String], reported: Double) -> MiningTrial.Outcome {
        let columns = Dictionary(
            zip(names, values.map(MiningStudy.standardisedRanks)), uniquingKeysWith: { a, _ in a })
        let truth = planted.compactMap { columns[$0] }
        let recovered = truth.count { planted in
            found.contains { name in
                let correlation = columns[name].flatMap { RankStatistics.pearson($0, planted) } ?? 0
                return abs(correlation) >= MiningTrial.likeness
            }
        }
        let right = found.count { name in
            columns[name].map { Self.multiple($0, truth) >= MiningTrial.likeness } ?? false
        }
        return MiningTrial.Outcome(
            recall: Double(recovered) / Double(max(1, planted.count)),
            precision: found.isEmpty ? nil : Double(right) / Double(found.count),
            found: found.count, reported: reported)
    }

    /// The multiple correlation of a column with others.
    private static func multiple(_ column: [Double], _ others: [[Double]]) -> Double {
        let matrix = ColumnMatrix(rows: column.count, columns: others)
        guard let model = try? RidgeRegression(columns: matrix, target: column, penalty: 1e-6)
        else { return 0 }
        return RankStatistics.pearson(model.predict(matrix), column) ?? 0
    }
}

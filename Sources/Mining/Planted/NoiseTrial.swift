import LinearAlgebra
import Statistics

/// Features and a target that have nothing to do with one another: whatever is reported is made up.
public struct NoiseTrial: Sendable {
    /// Our score on the confirm rows, 0 where nothing was chosen.
    public let ours: Double
    /// Whether its interval covers 0.
    public let coversZero: Bool
    /// AutoQual's published criterion on the same values.
    public let autoqual: Double
    public let chosen: Int

    public init(seed: UInt64, rows: Int = 2_000, features: Int = 60) throws {
        var generator = SeededGenerator(seed: seed, stream: 0x2015E)
        let columns = (0..<features).map { _ in
            (0..<rows).map { _ in generator.normal() }
        }
        let target = (0..<rows).map { _ in generator.normal() }
        autoqual =
            AutoQualSelection(
                candidates: ColumnMatrix(rows: rows, columns: columns), target: target, seed: seed
            ).score

        // 40 of 70 parts of what is no discover row select, the rest confirms, as in a run.
        let select = Array(0..<rows * 4 / 7)
        let confirm = Array(rows * 4 / 7..<rows)
        let folds = select.map { $0 % 5 }
        let path = FeatureSelection(confidence: MiningSettings().noiseConfidence).path(
            SelectionProblem(
                candidates: ColumnMatrix(
                    rows: select.count, columns: columns.map { column in select.map { column[$0] } }
                ),
                target: select.map { target[$0] }, folds: folds), seed: seed)
        chosen = path.selected.count
        guard chosen > 0 else {
            (ours, coversZero) = (0, true)
            return
        }
        let model = try ScoreModel.fit(
            FittingProblem(
                names: path.selected.map(String.init),
                columns: path.selected.map { feature in select.map { columns[feature][$0] } },
                target: select.map { target[$0] }, trials: nil, folds: folds, kind: .numeric))
        let scores = confirm.map { row in model.score(path.selected.map { columns[$0][row] }) }
        let truth = confirm.map { target[$0] }
        let estimate = Bootstrap.grouped(
            groups: Array(confirm.indices), replicates: MiningSettings().bootstrapReplicates,
            level: 0.95, seed: seed
        ) { drawn in
            RankStatistics.spearman(drawn.map { scores[$0] }, drawn.map { truth[$0] })
        }
        ours = estimate?.value ?? 0
        coversZero = estimate?.interval?.contains(0) ?? true
    }
}

import Foundation
import Inquiry
import Rows
import Statistics
import Tools

/// Rows with what selection needs of them.
struct SelectRows: Sendable {
    let controls: [Column]
    let target: [Double]
    let units: [Int]
    let folds: [Int]
}

extension MiningStudy {
    func seed(_ stream: MiningManifest.Stream) -> UInt64 { manifest.seed(stream) }

    func selectRows() async throws -> SelectRows {
        SelectRows(
            controls: try await controls(on: deal.select), target: deal.select.rows.target,
            units: deal.select.units,
            folds: folds.select)
    }

    /// The columns that every gain is over and above: the length of the text and the user's confounders.
    func controls<Role>(on view: RoleView<Role>) async throws -> [Column] {
        try await bench.columns(of: [Self.lengthTool()], on: view).map(\.column)
            + view.rows.confounders.map { $0.values.map(Optional.some) }
    }

    func choice(_ state: MiningState) async throws -> MiningEvent.Choice {
        let rows = try await selectRows()
        let sound = state.sound
        let columns = try await columns(of: sound, on: deal.select).map(\.column)
        let picked = select(from: columns, rows, names: sound.map(\.tool.name))
        return MiningEvent.Choice(
            chosen: zip(picked.features, picked.gains).map {
                .init(name: sound[$0].tool.name, gain: $1)
            }, score: picked.score, stop: picked.stop)
    }

    func problem(_ columns: [Column], _ rows: SelectRows) -> SelectionProblem {
        SelectionProblem(
            candidates: ColumnMatrix(rows: rows.target.count, columns: columns.map(\.filled)),
            controls: ColumnMatrix(rows: rows.target.count, columns: rows.controls.map(\.filled)),
            target: rows.target, folds: rows.folds, groups: rows.units)
    }

    /// What selection chose of some columns.
    struct Picked: Sendable {
        let features: [Int]
        /// With the direction where the criterion has one.
        let gains: [Double]
        let score: Double
        let stop: String
    }

    func select(from columns: [Column], _ rows: SelectRows, names: [String]) -> Picked {
        let problem = problem(columns, rows)
        guard manifest.settings.criterion != .autoqual else {
            let found = AutoQualSelection(
                candidates: problem.candidates, target: problem.target,
                count: manifest.settings.features, seed: seed(.selection))
            return Picked(
                features: found.selected, gains: found.selected.map { _ in found.score },
                score: found.score, stop: "as many as were allowed, whatever they add")
        }
        let path = selection.path(problem, seed: seed(.selection))
        return Picked(
            features: path.selected, gains: path.steps.map(\.correlation), score: path.score,
            stop: Self.words(path.ending, names: names))
    }

    /// How features are chosen.
    var selection: FeatureSelection {
        FeatureSelection(
            criterion: manifest.settings.criterion == .conditionalInformation
                ? .conditionalInformation(neighbours: 5) : .partialRank,
            search: manifest.settings.beamWidth > 1
                ? .beam(width: manifest.settings.beamWidth) : .greedy,
            maximumCount: manifest.settings.features,
            confidence: manifest.settings.noiseConfidence)
    }

    private static func words(_ ending: SelectionPath.Ending, names: [String]) -> String {
        switch ending {
        case .notAboveNoise(let best, let bar):
            "the best that was left, \(names[best.feature]), adds "
                + String(format: "%.3f", abs(best.gain))
                + ", and noise adds up to " + String(format: "%.3f", bar)
        case .full: "as many as were allowed"
        case .nothingLeft: "nothing was left to choose from"
        }
    }

    /// The target's standardised ranks less what the features say of them.
    struct Residual: Sendable {
        let discover: [Double]
        let select: [Double]
    }

    /// Of the discover rows by weights fitted on the select rows; of these by weights of other folds.
    func residual(_ chosen: [Candidate]) async throws -> Residual {
        try Self.residual(
            discover: (
                try await controls(on: deal.discover)
                    + columns(of: chosen, on: deal.discover).map(\.column),
                deal.discover.rows.target
            ),
            select: (
                try await controls(on: deal.select)
                    + columns(of: chosen, on: deal.select).map(\.column),
                deal.select.rows.target
            ), folds: folds.select)
    }

    static func residual(
        discover: (columns: [Column], target: [Double]),
        select: (columns: [Column], target: [Double]), folds: [Int]
    ) throws -> Residual {
        let ranks = standardisedRanks(select.target)
        func fit(_ rows: [Int]) throws -> ScoreModel {
            try ScoreModel.fit(
                FittingProblem(
                    names: select.columns.indices.map(String.init),
                    columns: select.columns.map { column in rows.map { column[$0] } },
                    target: rows.map { ranks[$0] }, trials: nil, folds: rows.map { folds[$0] },
                    kind: .numeric))
        }
        let all = try fit(Array(ranks.indices))
        let seen = standardisedRanks(discover.target)
        var rest = ranks
        for fold in Set(folds).sorted() {
            let model = try fit(ranks.indices.filter { folds[$0] != fold })
            for row in ranks.indices where folds[row] == fold {
                rest[row] -= model.score(select.columns.map { $0[row] })
            }
        }
        return Residual(
            discover: seen.indices.map { row in
                seen[row] - all.score(discover.columns.map { $0[row] })
            }, select: rest)
    }

    /// Of values that are numbers.
    static func standardisedRanks(_ values: [Double]) -> [Double] {
        RankStatistics.standardisedRanks(values) ?? values
    }
}

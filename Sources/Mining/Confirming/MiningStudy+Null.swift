import Foundation
import Inquiry
import LinearAlgebra
import Rows
import Statistics
import Tools

/// What the whole pipeline reports where there is nothing to find: everything is done again with the
/// targets permuted over the rows, proposing included where the proposer is free.
extension MiningStudy {
    func null(
        _ state: MiningState, _ confirm: RoleView<Confirm>
    ) async throws -> MiningRecord.NullDistribution? {
        guard manifest.settings.nullRuns > 0 else { return nil }
        // Induced lexicons were made from the true targets; permuted runs make their own.
        let fixed = state.sound.filter { inducing == nil || $0.origin != .inducer }.map(\.tool)
        let base = NullBase(
            tools: fixed,
            // Only a proposer that is run again reads them, and they may cost calls.
            discover: inducing == nil ? [] : try await bench.columns(of: fixed, on: deal.discover),
            select: try await bench.columns(of: fixed, on: deal.select),
            confirm: try await confirmColumns(fixed, state, confirm),
            controls: NullBase.Controls(
                discover: try await controls(on: deal.discover),
                select: try await controls(on: deal.select),
                confirm: try await controls(on: confirm)))
        let runs = try await Array(0..<manifest.settings.nullRuns).concurrentMap(limit: 2) {
            try await nullRun($0, base, confirm)
        }
        return MiningRecord.NullDistribution(
            scores: runs.map(\.score), coversProposing: inducing != nil,
            features: runs.reduce(0) { $0 + Double($1.features) } / Double(runs.count))
    }

    /// Prompts that were not chosen were never put to the confirm rows; they are missing there.
    private func confirmColumns(
        _ tools: [FeatureTool], _ state: MiningState, _ confirm: RoleView<Confirm>
    ) async throws -> [[ToolValue]] {
        let chosen = Set(state.chosen.map(\.tool.hash))
        var columns: [[ToolValue]] = []
        for tool in tools {
            if case .prompt = tool.kind, !chosen.contains(tool.hash) {
                columns.append(confirm.rows.texts.map { _ in .missing("not asked") })
            } else {
                columns.append(try await bench.columns(of: [tool], on: confirm)[0])
            }
        }
        return columns
    }

    private struct NullOutcome: Sendable {
        let score: Double
        let features: Int
    }

    private func nullRun(
        _ run: Int, _ base: NullBase, _ confirm: RoleView<Confirm>
    ) async throws -> NullOutcome {
        var generator = SeededGenerator(seed: seed(.null), stream: UInt64(run))
        let order = rows.texts.indices.shuffled(using: &generator)
        func permuted(_ indices: [Int]) -> [Int] { indices.map { order[$0] } }
        let discover = permuted(deal.discover.indices).map { rows.target[$0] }
        let select = permuted(deal.select.indices)
        let selectTarget = select.map { rows.target[$0] }
        let selectRows = SelectRows(
            controls: base.controls.select, target: selectTarget, units: deal.select.units,
            folds: folds.select)
        var table = base
        var chosen: [Int] = []
        for round in 0...(inducing == nil ? 0 : manifest.settings.reflections) {
            if let inducing {
                let residual = try Self.residual(
                    discover: (
                        base.controls.discover + chosen.map { table.discover[$0].column }, discover
                    ),
                    select: (
                        base.controls.select + chosen.map { table.select[$0].column }, selectTarget
                    ), folds: selectRows.folds)
                try await table.add(
                    inducing.induced(residual.discover, round: round), deal: deal,
                    confirm: confirm, bench: bench)
                if let family = inducing.family(residual.discover + residual.select, round: round) {
                    try await table.add(
                        family, folds: folds, deal: deal, confirm: confirm, bench: bench)
                }
            }
            chosen =
                self.select(
                    from: table.select.map(\.column), selectRows, names: table.tools.map(\.name)
                ).features
        }
        return NullOutcome(
            score: try score(chosen, table, target: selectTarget, order, confirm),
            features: chosen.count)
    }

    /// The permuted run's confirm score, with weights fitted as the real ones are.
    private func score(
        _ chosen: [Int], _ table: NullBase, target: [Double], _ order: [Int],
        _ confirm: RoleView<Confirm>
    ) throws -> Double {
        var model = try ScoreModel.fit(
            FittingProblem(
                names: ["length"] + chosen.map { table.tools[$0].name },
                columns: [table.controls.select[0]] + chosen.map { table.select[$0].column },
                target: target,
                trials: rows.trials.map { trials in deal.select.indices.map { trials[order[$0]] } },
                folds: folds.select,
                kind: manifest.data.schema.target.kind))
        for (place, feature) in chosen.enumerated() {
            if let final = table.final[feature] { model = model.scaled(at: place + 1, like: final) }
        }
        let columns = [table.controls.confirm[0]] + chosen.map { table.confirm[$0].column }
        let scores = confirm.indices.indices.map { row in model.score(columns.map { $0[row] }) }
        return RankStatistics.spearman(scores, confirm.indices.map { rows.target[order[$0]] }) ?? 0
    }
}

/// The columns that a permuted run chooses from.
struct NullBase: Sendable {
    struct Controls: Sendable {
        let discover: [Column]
        let select: [Column]
        let confirm: [Column]
    }

    private(set) var tools: [FeatureTool]
    private(set) var discover: [[ToolValue]]
    private(set) var select: [[ToolValue]]
    private(set) var confirm: [[ToolValue]]
    /// The select column of the tool that scores new rows, of those that are cross-fitted.
    private(set) var final: [Int: Column] = [:]
    let controls: Controls

    init(
        tools: [FeatureTool], discover: [[ToolValue]], select: [[ToolValue]],
        confirm: [[ToolValue]], controls: Controls
    ) {
        self.tools = tools
        self.discover = discover
        self.select = select
        self.confirm = confirm
        self.controls = controls
    }

    /// Computes tools of this run alone: they are of no use to another, and are not kept.
    mutating func add(
        _ new: [FeatureTool], deal: RoleDeal, confirm view: RoleView<Confirm>, bench: FeatureBench
    ) async throws {
        tools += new
        discover += try await bench.values(of: new, rows: deal.discover.rows)
        select += try await bench.values(of: new, rows: deal.select.rows)
        confirm += try await bench.values(of: new, rows: view.rows)
    }

    mutating func add(
        _ family: CrossFittedContrast.Family, folds: TrainingFolds,
        deal: RoleDeal, confirm view: RoleView<Confirm>, bench: FeatureBench
    ) async throws {
        func crossFitted(_ folds: [Int], _ rows: RowSet) async throws -> [ToolValue] {
            let parts = try await bench.values(of: family.foldTools, rows: rows)
            return folds.indices.map { parts[folds[$0]][$0] }
        }
        tools.append(family.tool)
        discover.append(try await crossFitted(folds.discover, deal.discover.rows))
        select.append(try await crossFitted(folds.select, deal.select.rows))
        confirm += try await bench.values(of: [family.tool], rows: view.rows)
        final[tools.count - 1] =
            try await bench.values(of: [family.tool], rows: deal.select.rows)[0].column
    }
}

import Rows
import Statistics
import Tools

extension MiningStudy {
    /// The pack of the chosen features, with a stand-in for each that a language model scores.
    func pack(
        _ state: MiningState, _ fitted: Fitted, _ confirm: RoleView<Confirm>
    ) async throws -> FeaturePack {
        let tools = [try Self.lengthTool()] + state.chosen.map(\.tool)
        var standIns: [FeaturePack.StandIn] = []
        for (place, tool) in tools.enumerated() where tool.kind.isPrompt {
            if let standIn = try await standIn(for: tool, at: place, fitted, confirm) {
                standIns.append(standIn)
            }
        }
        return FeaturePack(
            text: manifest.data.schema.text, target: manifest.target,
            model: fitted.model.naming(rows.levels),
            tools: tools, standIns: standIns, study: try manifest.study)
    }

    /// A ridge regression from the built-in statistics of a text to what the language model said, and
    /// what the score loses by it; nil where it gave too few answers.
    private func standIn(
        for tool: FeatureTool, at place: Int, _ fitted: Fitted, _ confirm: RoleView<Confirm>
    ) async throws -> FeaturePack.StandIn? {
        let statistics = ExpressionCatalogue.standard
        let columns = try await bench.columns(of: statistics, on: deal.select).map(\.column)
        let folds = folds.select
        let said = fitted.select[place]
        let known = folds.indices.filter { said[$0] != nil }
        guard Set(known.map { folds[$0] }).count > 1 else { return nil }
        let model = try ScoreModel.fit(
            FittingProblem(
                names: statistics.map(\.name),
                columns: columns.map { column in known.map { column[$0] } },
                target: known.map { said[$0] ?? 0 }, trials: nil,
                folds: known.map { folds[$0] }, kind: .numeric))
        let unseen = try await bench.columns(of: statistics, on: confirm).map(\.column)
        let stand = confirm.rows.texts.indices.map { row in
            model.prediction(score: model.score(unseen.map { $0[row] }))
        }
        let answered = stand.indices.filter { fitted.confirm[place][$0] != nil }
        var inputs = fitted.confirm
        inputs[place] = stand
        let scores = stand.indices.map { row in fitted.model.score(inputs.map { $0[row] }) }
        return FeaturePack.StandIn(
            feature: tool.name, model: model, tools: statistics,
            agreement: RankStatistics.spearman(
                answered.map { stand[$0] }, answered.map { fitted.confirm[place][$0] ?? 0 }) ?? 0,
            score: RankStatistics.spearman(scores, confirm.rows.target) ?? 0)
    }
}

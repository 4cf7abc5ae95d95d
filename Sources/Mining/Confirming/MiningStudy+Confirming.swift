import Foundation
import Inquiry
import Rows
import Statistics
import Tools

/// The chosen features on the confirm rows, with weights fitted on the select rows.
struct Fitted: Sendable {
    let model: ScoreModel
    /// One a control or feature of the model, on the select rows and on the confirm rows.
    let select: [Column]
    let confirm: [Column]

    var scores: [Double] {
        (confirm.first ?? []).indices.map { row in model.score(confirm.map { $0[row] }) }
    }

    func prediction(_ name: String) -> NamedPrediction {
        let scores = scores
        return NamedPrediction(
            name: name, values: scores, target: scores.map(model.prediction(score:)))
    }
}

extension MiningStudy {
    func confirmation(_ state: MiningState) async throws -> MiningOutcome {
        let confirm = try deal.confirm.open(state.opening)
        let training = TrainingRows(deal, of: rows, folds: folds)
        let fitted = try await fit(state.chosen, confirm)
        var predictions = [fitted.prediction(MiningRecord.Score.features)]
        predictions += try await baselines(state, training, confirm)

        var record = MiningRecord(
            title: "Features of \(manifest.data.schema.text.names.joined(separator: " and "))",
            target: manifest.target, falseDiscoveryRate: manifest.settings.falseDiscoveryRate)
        record.roles = state.deal?.roles ?? []
        record.setAside = state.deal?.setAside ?? []
        record.candidatesTried = state.candidates.count + state.unreadable.count
        record.selectScore = state.choice?.score
        record.scores = ConfirmScores.scores(
            predictions, target: confirm.rows.target, units: confirm.units,
            replicates: manifest.settings.bootstrapReplicates, seed: seed(.bootstrap))
        record.strata = ConfirmScores.strata(
            predictions, rows: confirm.rows, units: confirm.units,
            replicates: manifest.settings.bootstrapReplicates, seed: seed(.bootstrap))
        record.controls = fitted.model.inputs.prefix(1).map {
            .init(name: $0.name, weight: $0.weight)
        }
        record.features = try await features(state, fitted, confirm)
        record.redundancy = try await redundancy(state.chosen.map(\.tool))
        record.rounds = Self.rounds(state)
        record.dropped = Self.dropped(state)
        record.null = try await null(state, confirm)
        return MiningOutcome(record: record, pack: try await pack(state, fitted, confirm))
    }

    /// Fits the score on length and features, on the select rows: a feature that was made from the
    /// discover rows looks better on them than it is, and would be given too much weight. Confounders
    /// that only the user's rows have are no part of the score, as new rows may lack them.
    func fit(_ candidates: [Candidate], _ confirm: RoleView<Confirm>) async throws -> Fitted {
        let length = Candidate(tool: try Self.lengthTool(), origin: .catalogue, round: 0)
        let all = [length] + candidates
        let columns = try await columns(of: all, on: deal.select).map(\.column)
        var model = try ScoreModel.fit(
            FittingProblem(
                names: all.map(\.tool.name), columns: columns, target: deal.select.rows.target,
                trials: deal.select.rows.trials,
                folds: folds.select,
                kind: manifest.data.schema.target.kind))
        let final = try await bench.columns(of: all.map(\.tool), on: deal.select)
        for (place, candidate) in all.enumerated() where !candidate.foldTools.isEmpty {
            model = model.scaled(at: place, like: final[place].column)
        }
        return Fitted(
            model: model, select: columns,
            confirm: try await self.columns(of: all, on: confirm).map(\.column))
    }

    private func baselines(
        _ state: MiningState, _ training: TrainingRows, _ confirm: RoleView<Confirm>
    ) async throws -> [NamedPrediction] {
        var result = [try await fit([], confirm).prediction(MiningRecord.Score.length)]
        let target = training.rows.target
        let isLong =
            manifest.data.schema.target.kind == .numeric && ScoreModel.hasLongTail(target)
        let fitted = isLong ? target.map { log(1 + $0) } : target
        func add(_ name: String, _ values: [Double]) {
            result.append(
                NamedPrediction(
                    name: name, values: values,
                    target: isLong ? values.map { exp($0) - 1 } : values))
        }
        add(
            "TF-IDF and ridge",
            try await TermBaseline.predictions(
                for: confirm.rows, training: training, target: fitted))
        if let embedding {
            add(
                "embedding and ridge",
                try await EmbeddingBaseline.predictions(
                    for: confirm.rows, training: training, target: fitted, embedding: embedding))
        }
        if !confirm.rows.confounders.isEmpty {
            let model = try ScoreModel.fit(
                FittingProblem(
                    names: confirm.rows.confounders.map(\.name),
                    columns: training.rows.confounders.map { $0.values.map(Optional.some) },
                    target: target, trials: training.rows.trials, folds: training.folds,
                    kind: manifest.data.schema.target.kind))
            result.append(
                NamedPrediction(
                    name: "confounders alone",
                    values: confirm.rows.texts.indices.map { row in
                        model.score(confirm.rows.confounders.map { $0.values[row] })
                    }))
        }
        if let annotator {
            result.append(try await overall(annotator, confirm))
        }
        // What the first proposals came to: the same budget without reflection.
        if state.rounds.count(where: { $0.choice != nil }) > 1,
            let first = state.rounds.first?.choice
        {
            result.append(
                try await fit(state.candidates(of: first), confirm).prediction("first proposals"))
        }
        return result
    }

    /// What a model says of each text when it is asked once for all: a judge without features. A text
    /// that it gives no answer for counts as the middle of the others.
    private func overall(
        _ annotator: Annotator, _ confirm: RoleView<Confirm>
    ) async throws -> NamedPrediction {
        let tool = try FeatureTool(
            name: "overall-rating", title: "One overall rating",
            kind: .prompt(
                try PromptRubric(
                    question: "Taken as a whole, how high do you expect this text's outcome to be? "
                        + "The outcome is: \(manifest.target.prefix(300)).", scale: .graded,
                    anchors: [
                        .init(value: 1, meaning: "as low as any"),
                        .init(value: 5, meaning: "as high as any"),
                    ])))
        func column(_ texts: [String]) async throws -> [Double] {
            try await annotator.values(of: [tool], texts: texts, sample: 0)[0].column.filled
        }
        let first = try await column(confirm.rows.texts)
        guard let others = confirm.rows.otherTexts else {
            return NamedPrediction(name: "one overall rating", values: first)
        }
        return NamedPrediction(
            name: "one overall rating", values: zip(first, try await column(others)).map { $0 - $1 }
        )
    }

    private func redundancy(_ tools: [FeatureTool]) async throws -> [[Double]] {
        let columns = try await bench.columns(of: tools, on: deal.select).map(\.column.filled)
        return columns.map { a in columns.map { RankStatistics.spearman(a, $0) ?? 0 } }
    }

    private static func rounds(_ state: MiningState) -> [MiningRecord.Round] {
        state.rounds.enumerated().compactMap { number, round in
            guard let choice = round.choice else { return nil }
            return MiningRecord.Round(
                proposed: round.proposal.candidates.count,
                sound: state.candidates(of: number).count { state.faults[$0.tool.name] == nil },
                chosen: choice.chosen.count, score: choice.score)
        }
    }

    private static func dropped(_ state: MiningState) -> [MiningRecord.Dropped] {
        let chosen = Set(state.choice?.chosen.map(\.name) ?? [])
        return state.candidates.filter { !chosen.contains($0.tool.name) }.map { candidate in
            MiningRecord.Dropped(
                name: candidate.tool.name, title: candidate.tool.title,
                kind: candidate.tool.kind.word, round: candidate.round,
                reason: state.fate(of: candidate))
        } + state.unreadable
    }
}

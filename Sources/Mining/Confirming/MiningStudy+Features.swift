import Foundation
import Inquiry
import Rows
import Statistics
import Tools

extension MiningStudy {
    /// The chosen features with the evidence of the confirm rows.
    func features(
        _ state: MiningState, _ fitted: Fitted, _ confirm: RoleView<Confirm>
    ) async throws -> [MinedFeature] {
        let chosen = state.chosen
        let controls = try await controls(on: confirm)
        let pValues = try await pValues(state, confirm, controls)
        let stability = try await stability(state)
        var result: [MinedFeature] = []
        for (place, candidate) in chosen.enumerated() {
            let (kind, definition) = (candidate.tool.kind.word, candidate.tool.kind.definition)
            var feature = MinedFeature(
                name: candidate.tool.name, title: candidate.tool.title, kind: kind,
                definition: definition)
            feature.sentence = candidate.tool.sentence
            feature.origin = candidate.origin.rawValue
            feature.round = candidate.round
            feature.hash = candidate.tool.hash.hex
            feature.weight = fitted.model.inputs[place + 1].weight
            feature.selectGain = state.choice?.chosen[place].gain ?? 0
            feature.stability = stability[candidate.tool.name]
            (feature.pValue, feature.qValue) = pValues[candidate.tool.name] ?? (1, 1)
            try await correlate(
                &feature, column: fitted.confirm[place + 1], controls: controls, rows: confirm)
            feature.gain = try await gain(
                of: place, among: chosen, fitted, confirm)
            feature.reliability = try await reliability(of: candidate.tool)
            try await show(&feature, candidate.tool, fitted.select[place + 1])
            result.append(feature)
        }
        return result
    }

    /// Correlations on the confirm rows on which the feature has a value.
    private func correlate(
        _ feature: inout MinedFeature, column: Column, controls: [Column],
        rows: RoleView<Confirm>
    ) async throws {
        let known = column.indices.filter { column[$0] != nil }
        feature.missing = 1 - Double(known.count) / Double(max(1, column.count))
        let values = known.map { column[$0] ?? 0 }
        let target = known.map { rows.rows.target[$0] }
        let others = controls.map(\.filled)
        let partial = known.map { row in others.map { $0[row] } }
        let estimates = Bootstrap.multiple(
            count: 2, groups: known.map { rows.units[$0] },
            replicates: manifest.settings.bootstrapReplicates, level: 0.95, seed: seed(.bootstrap)
        ) { drawn in
            let (x, y) = (drawn.map { values[$0] }, drawn.map { target[$0] })
            guard let plain = RankStatistics.spearman(x, y) else { return nil }
            let z = others.indices.map { index in drawn.map { partial[$0][index] } }
            let controls = ColumnMatrix(rows: x.count, columns: z)
            return [plain, PartialRankCorrelation.value(x, y, controls: controls) ?? 0]
        }
        feature.confirm = estimates?[0]
        feature.partial = estimates?[1]
    }

    /// What the score's rank correlation loses without one of its features, weights fitted anew.
    private func gain(
        of place: Int, among chosen: [Candidate], _ fitted: Fitted,
        _ confirm: RoleView<Confirm>
    ) async throws -> Estimate? {
        var others = chosen
        others.remove(at: place)
        let without = try await fit(others, confirm).scores
        return Bootstrap.pairedSpearman(
            fitted.scores, without, target: confirm.rows.target, groups: confirm.units,
            replicates: manifest.settings.bootstrapReplicates, level: 0.95, seed: seed(.bootstrap)
        )?.difference
    }

    /// P-values on the confirm rows of what each tool adds to the controls and to the other chosen
    /// features, and Benjamini–Hochberg's q-values over every tool that was ever tried: one that failed
    /// counts as a hypothesis with p = 1. Ranks, their regressions on the others' ranks, and signs of
    /// whole groups flipped in the products of what these leave.
    private func pValues(
        _ state: MiningState, _ confirm: RoleView<Confirm>, _ controls: [Column]
    ) async throws -> [String: (p: Double, q: Double)] {
        let chosen = state.chosen.map(\.tool)
        let held = controls.map { Self.standardisedRanks($0.filled) }
        let chosenRanks = try await bench.columns(of: chosen, on: confirm)
            .map { Self.standardisedRanks($0.column.filled) }
        // A prompt that was not chosen has no values on the confirm rows: they would cost calls.
        let measured = state.sound.map(\.tool).filter { tool in
            !tool.kind.isPrompt || chosen.contains(tool)
        }
        let columns = try await bench.columns(of: measured, on: confirm).map(\.column.filled)
        /// What a column adds to the controls and to the chosen features but the one at a place.
        func adding(to others: [[Double]]) -> (_ column: [Double]) -> Double {
            let given = ColumnMatrix(rows: confirm.count, columns: held + others)
            let target = Self.rest(confirm.rows.target, given: given)
            return { column in
                SignFlips.pValue(
                    Self.rest(column, given: given), target, groups: confirm.units,
                    flips: Self.flips, seed: self.seed(.permutation))
            }
        }
        let toAll = adding(to: chosenRanks)
        var names: [String] = []
        var pValues: [Double] = []
        for (tool, column) in zip(measured, columns) {
            names.append(tool.name)
            guard let place = chosen.firstIndex(of: tool) else {
                pValues.append(toAll(column))
                continue
            }
            var others = chosenRanks
            others.remove(at: place)
            pValues.append(adding(to: others)(column))
        }
        let failed =
            state.candidates.map(\.tool.name).filter { !names.contains($0) }
            + state.unreadable.map(\.name)
        names += failed
        pValues += failed.map { _ in 1 }
        let qValues = MultipleTesting.benjaminiHochberg(pValues)
        return Dictionary(
            zip(names, zip(pValues, qValues).map { (p: $0, q: $1) }),
            uniquingKeysWith: { a, _ in a })
    }

    static let flips = 5_000
    /// Discover rows among which examples of a feature are looked for that costs a call for each.
    private static let shownCalls = 60

    /// What a regression on other ranks leaves of a column's ranks. A touch of a penalty stands for
    /// columns that say the same.
    private static func rest(_ column: [Double], given others: ColumnMatrix) -> [Double] {
        let ranks = standardisedRanks(column)
        let model = try? RidgeRegression(columns: others, target: ranks, penalty: 1e-6)
        return model.map { zip(ranks, $0.predict(others)).map { $0 - $1 } } ?? ranks
    }

    private func stability(_ state: MiningState) async throws -> [String: Double] {
        guard manifest.settings.stabilityPairs > 0 else { return [:] }
        let sound = state.sound
        let columns = try await columns(of: sound, on: deal.select).map(\.column)
        let found = StabilitySelection(
            selection, problem(columns, try await selectRows()),
            pairCount: manifest.settings.stabilityPairs, seed: seed(.stability))
        return Dictionary(
            zip(sound.map(\.tool.name), found.frequencies), uniquingKeysWith: { a, _ in a })
    }

    private func show(
        _ feature: inout MinedFeature, _ tool: FeatureTool, _ column: Column
    ) async throws {
        feature.effect = FeatureEvidence.effect(
            column, target: deal.select.rows.target, units: deal.select.units,
            replicates: manifest.settings.bootstrapReplicates, seed: seed(.bootstrap))
        // A proposer may read discover rows, and so may whoever reads the report. Each costs a call where
        // a language model scores it.
        let shown = deal.discover.rows.taking(
            Array(
                deal.discover.rows.texts.indices.prefix(tool.kind.isPrompt ? Self.shownCalls : .max)
            ))
        let discover = try await bench.values(of: [tool], rows: shown)[0].column
        feature.high = FeatureEvidence.excerpts(
            of: tool, discover, rows: shown, highest: true)
        feature.low = FeatureEvidence.excerpts(
            of: tool, discover, rows: shown, highest: false)
    }

    /// How far a language model agrees with itself on the same texts; nil for what needs none.
    private func reliability(of tool: FeatureTool) async throws -> Double? {
        guard case .prompt = tool.kind, let annotator else { return nil }
        let texts = Array(deal.discover.rows.texts.prefix(manifest.settings.retestedRows))
        let first = try await annotator.values(of: [tool], texts: texts, sample: 0)[0]
        let second = try await annotator.values(of: [tool], texts: texts, sample: 1)[0]
        let pairs = zip(first, second).compactMap { a, b -> (Double, Double)? in
            guard let x = a.number, let y = b.number else { return nil }
            return (x, y)
        }
        return Reliability(first: pairs.map(\.0), second: pairs.map(\.1))?.intraclass?.oneWay.value
    }
}

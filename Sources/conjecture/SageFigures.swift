import Explaining
import Foundation
import LanguageModels

/// The figures of loops beside each other, under the names that scripts read.
struct SageFigures: Encodable {
    struct Column: Encodable {
        let recovery: PlantedFigures.Rate
        /// Of the loop's first hypothesis, before any test.
        let oneShotRecovery: PlantedFigures.Rate
        /// Features of which a hypothesis was called confirmed or supported.
        let confirmed: PlantedFigures.Rate
        /// Nulls of which any hypothesis was; nil where nothing is ever confirmed.
        let falseConfirmationRate: PlantedFigures.Rate?
        /// The same without negative controls, which say where a feature is silent.
        let falseConfirmationRateOfFiring: PlantedFigures.Rate?
        /// Explanations without a formula that can be read: in no rate of recovery.
        let unscored: Int
        /// Replies in none of SAGE's forms; nil of our loop, which is answered in JSON.
        let unreadableReplies: Int?
        let calls: Int
        let inputTokens: Int
        let outputTokens: Int
        /// Of features and nulls together.
        let tokensPerFeature: Double
        let callsPerFeature: Double
        let probesPerFeature: Double
        var seconds = 0

        enum CodingKeys: String, CodingKey {
            case recovery, confirmed, unscored, calls, seconds
            case oneShotRecovery = "one_shot_recovery"
            case falseConfirmationRate = "false_confirmation_rate"
            case falseConfirmationRateOfFiring = "false_confirmation_rate_without_controls"
            case unreadableReplies = "unreadable_replies"
            case inputTokens = "input_tokens"
            case outputTokens = "output_tokens"
            case tokensPerFeature = "tokens_per_feature"
            case callsPerFeature = "calls_per_feature"
            case probesPerFeature = "probes_per_feature"
        }

        /// Of SAGE's loop, or of its first answer alone.
        init(_ results: [SagePlantedStudy.Result], testing: Bool) {
            let planted = results.filter { $0.truth != nil }
            let nulls = results.filter { $0.truth == nil }
            let scored = planted.filter { !$0.isUnscored }
            recovery = .init(scored.count { $0.answer?.isRecovered ?? false }, of: scored.count)
            oneShotRecovery = .init(
                planted.count { $0.firstAnswer?.isRecovered ?? false }, of: planted.count)
            confirmed = .init(planted.count { $0.record.confirmsFiring }, of: planted.count)
            falseConfirmationRate =
                testing ? .init(nulls.count { $0.record.confirmsAny }, of: nulls.count) : nil
            falseConfirmationRateOfFiring =
                testing ? .init(nulls.count { $0.record.confirmsFiring }, of: nulls.count) : nil
            unscored = planted.count - scored.count
            unreadableReplies = results.reduce(0) { $0 + $1.record.unreadableReplies }
            let spent = results.reduce(Spending()) { $0 + $1.record.usage }
            calls = spent.calls
            inputTokens = spent.inputTokens
            outputTokens = spent.outputTokens
            let count = Double(max(1, results.count))
            tokensPerFeature = Double(spent.inputTokens + spent.outputTokens) / count
            callsPerFeature = Double(spent.calls) / count
            probesPerFeature = Double(results.reduce(0) { $0 + $1.record.tests.count }) / count
        }

        /// Of our own loop.
        init(
            _ results: [PlantedStudy.Result], nulls: PlantedStudy.Nulls,
            spent: Spending
        ) {
            recovery = .init(results.count { $0.isRecovered(.inquiry) }, of: results.count)
            oneShotRecovery = .init(
                results.count { $0.isRecovered(.firstHypothesis) }, of: results.count)
            confirmed = .init(results.count(where: \.isSupported), of: results.count)
            falseConfirmationRate = .init(nulls.confirmed, of: nulls.count)
            falseConfirmationRateOfFiring = falseConfirmationRate
            unscored = 0
            unreadableReplies = nil
            calls = spent.calls
            inputTokens = spent.inputTokens
            outputTokens = spent.outputTokens
            let count = Double(max(1, results.count + nulls.count))
            tokensPerFeature = Double(spent.inputTokens + spent.outputTokens) / count
            callsPerFeature = Double(spent.calls) / count
            probesPerFeature =
                Double(results.reduce(0) { $0 + $1.probes }) / Double(max(1, results.count))
        }
    }

    let features: Int
    let nulls: Int
    /// The model's name.
    let model: String
    /// By mode.
    var columns: [String: Column] = [:]

    enum CodingKeys: String, CodingKey {
        case features, nulls, model, sage, ours
        case oneShot = "one_shot"
        case tokenRatio = "token_ratio"
    }

    /// Our loop's tokens per feature as a share of SAGE's.
    var tokenRatio: Double? {
        guard let ours = columns["ours"], let sage = columns["sage"], sage.tokensPerFeature > 0
        else { return nil }
        return ours.tokensPerFeature / sage.tokensPerFeature
    }

    init(features: Int, nulls: Int, model: String) {
        self.features = features
        self.nulls = nulls
        self.model = model
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(features, forKey: .features)
        try container.encode(nulls, forKey: .nulls)
        try container.encode(model, forKey: .model)
        try container.encodeIfPresent(columns["sage"], forKey: .sage)
        try container.encodeIfPresent(columns["ours"], forKey: .ours)
        try container.encodeIfPresent(columns["one-shot"], forKey: .oneShot)
        try container.encodeIfPresent(tokenRatio, forKey: .tokenRatio)
    }
}

extension SageFigures {
    var table: String {
        let names = ["sage", "ours", "one-shot"].filter { columns[$0] != nil }
        func cell(_ text: String) -> String {
            text.padding(toLength: 28, withPad: " ", startingAt: 0)
        }
        var lines = [cell("") + names.map(cell).joined()]
        func row(_ title: String, _ text: (Column) -> String) {
            lines.append(
                cell(title) + names.compactMap { columns[$0] }.map { cell(text($0)) }.joined())
        }
        row("recovered") { $0.recovery.text }
        row("recovered before tests") { $0.oneShotRecovery.text }
        row("confirmed") { $0.confirmed.text }
        row("nulls confirmed") { $0.falseConfirmationRate?.text ?? "never confirms" }
        row("... but for controls") { $0.falseConfirmationRateOfFiring?.text ?? "never confirms" }
        row("unscored") { "\($0.unscored)" }
        row("calls per feature") { String(format: "%.1f", $0.callsPerFeature) }
        row("tokens per feature") { String(format: "%.0f", $0.tokensPerFeature) }
        row("probes per feature") { String(format: "%.1f", $0.probesPerFeature) }
        row("seconds") { "\($0.seconds)" }
        if let tokenRatio {
            lines.append(String(format: "tokens, ours of SAGE's: %.2f", tokenRatio))
        }
        return lines.joined(separator: "\n")
    }
}

extension SagePlantedStudy.Result {
    /// The model explained the feature in words without a formula that can be read.
    fileprivate var isUnscored: Bool {
        answer == nil && (record.conclusion != nil || !record.hypotheses.isEmpty)
    }
}

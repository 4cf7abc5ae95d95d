import Explaining
import Foundation
import Inquiry
import LinearAlgebra
import Statistics

/// The benchmark's figures under the names that scripts read.
struct PlantedFigures: Encodable {
    struct Rate: Encodable {
        let value: Double
        let low: Double
        let high: Double
        let count: Int

        init(_ successes: Int, of trials: Int) {
            value = trials == 0 ? 0 : Double(successes) / Double(trials)
            let interval = BinomialInterval.clopperPearson(
                successes: successes, trials: trials, level: 0.95)
            low = interval?.low ?? 0
            high = interval?.high ?? 1
            count = trials
        }

        var text: String {
            String(format: "%5.1f %% [%.1f, %.1f]", 100 * value, 100 * low, 100 * high)
        }
    }

    /// How much more is recovered with probes than without, on the same features.
    struct Gain: Encodable {
        let value: Double
        let low: Double
        let high: Double

        /// - Returns: nil without features.
        init?(_ results: [PlantedStudy.Result], over control: PlantedStudy.Source) {
            let groups = results.map { result in
                [PlantedStudy.Source.inquiry, control].map { result.isRecovered($0) ? 1.0 : 0 } + [
                    1
                ]
            }
            var generator = SeededGenerator(seed: 1, stream: 0x4741_494E)
            let estimate = Bootstrap.interval(
                groups: groups, replicates: 2_000, level: 0.95, generator: &generator
            ) { $0[2] > 0 ? ($0[0] - $0[1]) / $0[2] : nil }
            guard let estimate else { return nil }
            value = estimate.value
            low = estimate.interval?.low ?? -1
            high = estimate.interval?.high ?? 1
        }
    }

    /// Of a language model, per feature; the rule inducer asks none.
    struct Usage: Encodable {
        let calls: Double
        /// Sent and received.
        let tokens: Double
        /// Dollars; nil where the price is not known.
        let money: Double?

        init(_ usages: [ReplyUsage], of features: Int) {
            let sum = usages.reduce(ReplyUsage(), +)
            let count = Double(max(1, features))
            calls = Double(sum.replies) / count
            tokens = Double(sum.tokens) / count
            money = sum.cost.map { $0.dollars / count }
        }
    }

    /// Some of the features.
    struct Group: Encodable {
        /// By where the explanation comes from.
        let rates: [PlantedStudy.Source: Rate]
        let supported: Rate
        let gain: Gain?
        let probesPerFeature: Double
        /// Of the inquiries, and of their one-shots where these were asked for.
        let usage: Usage
        let oneShotUsage: Usage

        init(_ results: [PlantedStudy.Result]) {
            rates = Dictionary(
                uniqueKeysWithValues: PlantedStudy.Source.allCases.map { source in
                    (source, Rate(results.count { $0.isRecovered(source) }, of: results.count))
                })
            supported = Rate(results.count(where: \.isSupported), of: results.count)
            gain = Gain(results, over: .oneShot)
            let probes = results.reduce(0) { $0 + $1.probes }
            probesPerFeature = Double(probes) / Double(max(1, results.count))
            usage = Usage(results.map(\.usage), of: results.count)
            oneShotUsage = Usage(results.map(\.oneShotUsage), of: results.count)
        }

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Name.self)
            for (source, rate) in rates {
                let name = source == .inquiry ? "recovery" : "\(source.rawValue)_recovery"
                try container.encode(rate, forKey: Name(stringValue: name))
            }
            try container.encode(supported, forKey: Name(stringValue: "supported"))
            try container.encode(gain, forKey: Name(stringValue: "gain_over_one_shot"))
            try container.encode(probesPerFeature, forKey: Name(stringValue: "probes_per_feature"))
            for (prefix, usage) in [("", usage), ("one_shot_", oneShotUsage)] {
                try container.encode(usage.calls, forKey: Name(stringValue: prefix + "calls"))
                try container.encode(usage.tokens, forKey: Name(stringValue: prefix + "tokens"))
                try container.encode(usage.money, forKey: Name(stringValue: prefix + "money"))
            }
        }
    }

    enum CodingKeys: String, CodingKey {
        case ambiguous, entangled, unambiguous, classes, seconds, failed
        case nullUsage = "null_usage"
        case falseConfirmationRate = "false_confirmation_rate"
        case naturalRecovery = "natural_recovery"
    }

    let all: Group
    let falseConfirmationRate: Rate
    /// Reached on held-out texts as they are, by where the explanation comes from.
    let naturalRecovery: [PlantedStudy.Source: Rate]
    /// The features whose exemplars alone cannot tell the truth from another rule.
    let ambiguous: Group
    let unambiguous: Group
    /// The features that hardly any natural text can tell from another rule.
    let entangled: Group
    let classes: [String: Group]
    /// Of a null feature.
    let nullUsage: Usage
    /// Features and nulls whose inquiry stopped since a language model gave no reply of use. Such a
    /// feature is not recovered; such a null is left out of the rate.
    let failed: Int
    let seconds: Int

    init(_ results: [PlantedStudy.Result], _ nulls: PlantedStudy.Nulls, seconds: Int) {
        all = Group(results)
        falseConfirmationRate = Rate(nulls.confirmed, of: nulls.count - nulls.failed)
        nullUsage = Usage([nulls.usage], of: nulls.count)
        failed = results.count(where: \.isFailed) + nulls.failed
        naturalRecovery = Dictionary(
            uniqueKeysWithValues: PlantedStudy.Source.allCases.map { source in
                let reached = results.count {
                    $0.answers[source]?.accuracy ?? 0 >= PlantedStudy.recoveryBar
                }
                return (source, Rate(reached, of: results.count))
            })
        ambiguous = Group(results.filter(\.isAmbiguous))
        unambiguous = Group(results.filter { !$0.isAmbiguous })
        entangled = Group(results.filter(\.isEntangled))
        classes = Dictionary(grouping: results, by: \.class).mapValues(Group.init)
        self.seconds = seconds
    }

    func encode(to encoder: any Encoder) throws {
        try all.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(falseConfirmationRate, forKey: .falseConfirmationRate)
        try container.encode(naturalRecovery, forKey: .naturalRecovery)
        try container.encode(ambiguous, forKey: .ambiguous)
        try container.encode(unambiguous, forKey: .unambiguous)
        try container.encode(entangled, forKey: .entangled)
        try container.encode(classes, forKey: .classes)
        try container.encode(nullUsage, forKey: .nullUsage)
        try container.encode(failed, forKey: .failed)
        try container.encode(seconds, forKey: .seconds)
    }
}

extension PlantedFigures {
    var table: String {
        let sources = PlantedStudy.Source.allCases
        let titles = sources.map { $0.rawValue.padded(to: 24) }.joined()
        var lines = ["recovered".padded(to: 16) + "n".padded(to: 6) + titles]
        func add(_ name: String, _ group: Group) {
            let rates = sources.map { (group.rates[$0]?.text ?? "").padded(to: 24) }.joined()
            let count = "\(group.supported.count)".padded(to: 6)
            lines.append(name.padded(to: 16) + count + rates)
        }
        for (name, group) in classes.sorted(by: { $0.key < $1.key }) { add(name, group) }
        add("ambiguous", ambiguous)
        add("unambiguous", unambiguous)
        add("entangled", entangled)
        add("all", all)
        let natural = sources.map { (naturalRecovery[$0]?.text ?? "").padded(to: 24) }.joined()
        lines.append("on natural texts".padded(to: 22) + natural)
        for (name, group) in [("ambiguous", ambiguous), ("all", all)] {
            guard let gain = group.gain else { continue }
            lines.append(
                String(
                    format: "gain over one_shot, \(name): %+.1f points [%.1f, %.1f]",
                    100 * gain.value, 100 * gain.low, 100 * gain.high))
        }
        lines.append("supported       \(all.supported.text)")
        lines.append(
            "nulls confirmed \(falseConfirmationRate.text) of \(falseConfirmationRate.count)")
        lines += usageLines
        lines.append(
            String(format: "%.0f probes a feature, %d seconds", all.probesPerFeature, seconds))
        return lines.joined(separator: "\n")
    }

    private var usageLines: [String] {
        let rows = [
            ("a feature", all.usage), ("its one-shot", all.oneShotUsage), ("a null", nullUsage),
        ].filter { $0.1.calls > 0 }
        var lines = rows.map { name, usage in
            name.padded(to: 16)
                + String(format: "%.1f calls, %.0f tokens, ", usage.calls, usage.tokens)
                + (usage.money.map { String(format: "%.4f USD", $0) } ?? "at a price not stated")
        }
        if failed > 0 { lines.append("failed          \(failed): the model gave no reply of use") }
        return lines
    }
}

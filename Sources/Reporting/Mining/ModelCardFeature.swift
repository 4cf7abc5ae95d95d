import Inquiry
import Statistics

/// One feature's part of a model card.
struct ModelCardFeature {
    private let feature: MinedFeature
    private let rank: Int
    private let rate: Double

    init(_ feature: MinedFeature, rank: Int, rate: Double) {
        self.feature = feature
        self.rank = rank
        self.rate = rate
    }

    var markdown: Markdown {
        let verdict = feature.qValue <= rate ? "confirmed" : "not confirmed"
        return .blocks([
            "### \(rank). \(ShownText.bounded(feature.title, 160)) (\(verdict))",
            "What it measures: \(ShownText.bounded(feature.sentence, 600))",
            "Called \(feature.name), \(feature.kind), proposed by \(feature.origin) in round \(feature.round + 1); tool \(feature.hash)",
            .code(feature.definition), figures, effect,
            examples("Where it is high", feature.high), examples("Where it is low", feature.low),
        ])
    }

    private var figures: Markdown {
        let columns = [
            ">weight", ">correlation [95 %]", ">partial [95 %]", ">gain [95 %]", ">p", ">q",
            ">stability", ">missing", ">reliability",
        ]
        let cells = [
            Format.signed(feature.weight, digits: 4), estimate(feature.confirm, signed: true),
            estimate(feature.partial, signed: true), estimate(feature.gain, signed: true),
            Format.probability(feature.pValue), Format.probability(feature.qValue),
            feature.stability.map { Format.number($0, digits: 2) } ?? "–",
            Format.percent(feature.missing),
            feature.reliability.map { Format.number($0, digits: 2) } ?? "–",
        ]
        return .table(columns, [cells.map { "\($0)" }])
    }

    private var effect: Markdown? {
        guard !feature.effect.isEmpty else { return nil }
        let rows = feature.effect.map { point -> [Markdown] in
            ["\(Format.significant(point.value))", "\(estimate(point.target))"]
        }
        return .table([">mean of the feature in a quantile", ">mean target [95 %]"], rows)
    }

    private func examples(_ title: String, _ excerpts: [MinedFeature.Excerpt]) -> Markdown? {
        guard !excerpts.isEmpty else { return nil }
        let items = excerpts.prefix(3).map { excerpt -> Markdown in
            let pieces = ExcerptText(excerpt, limit: 280).pieces.map { piece -> Markdown in
                piece.isEvidence ? "<b>\(piece.text)</b>" : "\(piece.text)"
            }
            return """
                value \(Format.significant(excerpt.value)), target \
                \(Format.significant(excerpt.target)): \(Markdown.joined(pieces))
                """
        }
        return .blocks(["\(title):", .list(items)])
    }
}

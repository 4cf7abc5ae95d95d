import Foundation
import Inquiry
import Statistics

/// A record as a run on reviews would leave it, with every part filled.
enum MiningSample {
    static func record() -> MiningRecord {
        var record = MiningRecord(
            title: "books.jsonl: helpful_yes of helpful_total",
            target: "the share of votes that call a review helpful, of rows with at least 5 votes",
            falseDiscoveryRate: 0.1)
        record.roles = [
            MiningRecord.Role(name: "discover", rows: 1_204, groups: 655),
            MiningRecord.Role(name: "select", rows: 1_611, groups: 871),
            MiningRecord.Role(name: "confirm", rows: 1_198, groups: 649),
        ]
        record.setAside = [
            MiningRecord.SetAside(
                reason: "fewer than 5 votes", rows: 1_377, examples: [1, 2, 5, 9, 14]),
            MiningRecord.SetAside(
                reason: "the identifier is that of an earlier row", rows: 3, examples: [211]),
            MiningRecord.SetAside(
                reason: "the line is not valid UTF-8", rows: 1, examples: []),
        ]
        record.candidatesTried = 96
        record.features = features
        record.controls = [MiningRecord.Control(name: "log of the word count", weight: 0.0412)]
        record.dropped = dropped
        record.scores = scores(shift: 0)
        record.strata = [
            MiningRecord.Stratum(name: "positive", rows: 640, scores: scores(shift: -0.12)),
            MiningRecord.Stratum(name: "negative", rows: 558, scores: scores(shift: -0.2)),
        ]
        record.null = MiningRecord.NullDistribution(
            scores: (0..<200).map { run -> Double in
                let angle = Double(run)
                return 0.03 * sin(angle * 12.9898) + 0.02 * sin(angle * 3)
            },
            coversProposing: true, features: 1.4)
        record.redundancy = features.indices.map { row in
            features.indices.map { column -> Double in
                row == column ? 1 : 0.8 * sin(Double(row * column + row + column))
            }
        }
        record.rounds = [
            MiningRecord.Round(proposed: 72, sound: 41, chosen: 5, score: 0.391),
            MiningRecord.Round(proposed: 24, sound: 17, chosen: 6, score: 0.412),
        ]
        record.selectScore = 0.412
        return record
    }

    static func estimate(_ value: Double, _ margin: Double, count: Int = 649) -> Estimate {
        Estimate(
            value: value,
            interval: Interval(low: value - margin, high: value + margin, level: 0.95),
            count: count)
    }

    private static func scores(shift: Double) -> [MiningRecord.Score] {
        let rows: [(String, Double)] = [
            (MiningRecord.Score.features, 0.394), (MiningRecord.Score.length, 0.208),
            ("star rating", 0.331), ("TF-IDF + ridge", 0.422), ("text statistics + ridge", 0.377),
        ]
        return rows.map { name, value in
            MiningRecord.Score(
                name: name, spearman: estimate(value + shift, 0.051),
                meanAbsoluteError: 0.31 - value / 5,
                gain: name == MiningRecord.Score.features
                    ? nil : estimate(0.394 - value, 0.034))
        }
    }

    private static var dropped: [MiningRecord.Dropped] {
        let reasons: [(Int, (Int) -> String)] = [
            (
                38,
                { "adds no more than the best of 20 noise probes (gain 0.00\($0 % 7 + 1))" }
            ),
            (9, { _ in "is a proxy of the text's length" }),
            (7, { "is shown to correlate less than 0.05 with the target after \(100 + $0) rows" }),
            (2, { _ in "is the same on every row" }),
        ]
        return reasons.flatMap { count, reason in
            (0..<count).map {
                MiningRecord.Dropped(
                    name: "share-\(count)-\($0)", title: "Share of words of list \(count).\($0)",
                    kind: $0 % 5 == 0 ? "prompt" : "expression", round: $0 % 2, reason: reason($0))
            }
        }
    }

    private static var features: [MinedFeature] {
        let parts: [(String, String, String, Double)] = [
            ("paragraph-count", "Paragraphs", "paragraphs", 0.061),
            (
                "quoted-passages", "Quotes from the book itself",
                "count(matches(/quotes/)) / log1p(words)", 0.048
            ),
            (
                "second-person-share", "Speaks to the reader", "share(lexicon(second-person))",
                -0.0312
            ),
            (
                "exclamation-runs", "Runs of exclamation marks",
                "min(5, count(\"!!\") + 2 * count(\"!!!\"))", -0.044
            ),
            (
                "weighs-both-sides", "Weighs strengths against weaknesses",
                """
                Does the review name at least one strength and one weakness, each with a reason?

                1: praise or blame only
                3: both, without reasons
                5: both, each with a reason and an example
                """, 0.07
            ),
            (
                "named-comparison", "Compares with another work by name",
                """
                import re

                def feature(text):
                    names = re.findall(r"(?:better|worse|like|unlike) than? ([A-Z][a-z]+(?: [A-Z][a-z]+)+)", text)
                    return len(set(names))
                """, 0.019
            ),
        ]
        return parts.enumerated().map { index, part in feature(index, part) }
    }

    private static func feature(
        _ index: Int, _ part: (name: String, title: String, definition: String, weight: Double)
    ) -> MinedFeature {
        let kind = index == 4 ? "prompt" : index == 5 ? "python" : "expression"
        var feature = MinedFeature(
            name: part.name, title: part.title, kind: kind, definition: part.definition)
        let sign = part.weight < 0 ? -1.0 : 1
        feature.sentence =
            "How much of the review is of the kind “\(part.title.lowercased())”, as its tool counts it."
        feature.origin = index == 4 ? "contraster" : index == 5 ? "personas" : "inducer"
        feature.round = index / 5
        feature.hash = String(repeating: "9f3a71c2", count: 8)
        feature.weight = part.weight
        feature.selectGain = abs(part.weight) / 2
        feature.stability = 0.98 - Double(index) * 0.09
        feature.confirm = estimate(part.weight * 4, 0.055)
        feature.partial = estimate(part.weight * 3, 0.056)
        feature.gain = estimate(abs(part.weight) / 3, 0.008)
        feature.pValue = index == 5 ? 0.21 : 0.00003 * pow(10, abs(0.06 - abs(part.weight)) * 60)
        feature.qValue = index == 5 ? 0.24 : 2 * feature.pValue
        feature.missing = index == 4 ? 0.013 : 0
        feature.reliability = index == 4 ? 0.87 : nil
        feature.effect = (0..<8).map { step in
            MinedFeature.EffectPoint(
                value: pow(Double(step), 1.6) * (index == 2 ? 0.004 : 1.1),
                target: estimate(
                    0.62 + sign * 0.028 * Double(step) + 0.01 * sin(Double(step * 5)), 0.035,
                    count: 352))
        }
        feature.high = excerpts(high: true)
        feature.low = excerpts(high: false)
        return feature
    }

    private static func excerpts(high: Bool) -> [MinedFeature.Excerpt] {
        let texts =
            high
            ? [
                """
                I read this twice. The first half is slow, and the author knows it: "nothing happened \
                that winter," he writes, and nothing does.

                But the second half earns every page of it. Compared with his earlier novel the plot is \
                thinner, yet the people in it are better drawn. You should skip the preface!!!
                """,
                "هذا الكتاب رائع جدا وأنصح به الجميع 👩‍👩‍👧 — though the translation, \"literal to a fault\", is not.",
                String(
                    repeating:
                        "The chapters on the voyage go on and on, day after day, without a word "
                        + "on why. ", count: 12)
                    + "And then \"the mast broke\" and it is a different book.",
            ]
            : ["Great book!!! <b>Loved it</b> & will read again", "ok", "Didn't finish."]
        return texts.enumerated().map { index, text in
            MinedFeature.Excerpt(
                text: text, value: high ? 9 - Double(index) : Double(index) / 10,
                target: high ? 0.92 : 0.4, evidence: evidence(in: text))
        }
    }

    /// Quoted stretches and runs of exclamation marks.
    private static func evidence(in text: String) -> [Range<Int>] {
        text.matches(of: /"[^"]+"|!!+/).map { match in
            let start = text.distance(from: text.startIndex, to: match.range.lowerBound)
            return start..<(start + match.output.count)
        }
    }

    static let facts = [
        RunRecord.Fact("rows", "books.jsonl, 4,013 of 5,394 used, sha256 5d1c0f7e"),
        RunRecord.Fact("seed", "7"),
        RunRecord.Fact("criterion", "partial rank correlation, greedy"),
    ]

    static func usage() throws -> [RoleUsage] {
        let text = """
            [{"role":"annotator","model":"openai-compatible:small","replies":812,"inputTokens":611204,
              "cachedInputTokens":401332,"outputTokens":20114,"cost":{"nanodollars":412300000}},
             {"role":"contraster","model":"openai-compatible:large","replies":3,"inputTokens":18211,
              "cachedInputTokens":0,"outputTokens":4102}]
            """
        return try JSONDecoder().decode([RoleUsage].self, from: Data(text.utf8))
    }
}

import Inquiry
import Statistics

/// What a pack of features tells of itself: the report in Markdown, so that it can be read beside the
/// pack without a browser. The same record gives the same bytes.
public struct ModelCard: Sendable {
    private let record: MiningRecord
    private let facts: [RunRecord.Fact]
    private let usage: [RoleUsage]
    private let summary: MiningSummary

    public init(_ record: MiningRecord, facts: [RunRecord.Fact], usage: [RoleUsage] = []) {
        self.record = record
        self.facts = facts
        self.usage = usage
        summary = MiningSummary(record)
    }

    public var markdown: String {
        let ranked = zip(1..., record.ranking.map { record.features[$0] })
        let articles = ranked.map { rank, feature in
            ModelCardFeature(feature, rank: rank, rate: record.falseDiscoveryRate).markdown
        }
        let parts: [Markdown?] = [
            "# \(ShownText.bounded(record.title, 120))",
            "What it predicts: \(ShownText.bounded(record.target, 400))", headline, weights,
            scores, null, "## Features", record.features.isEmpty ? "None was chosen." : nil,
        ]
        let trail: [Markdown?] = [redundancy, rounds, dropped, setAside, money, run]
        return Markdown.blocks(parts + articles + trail).source + "\n"
    }

    private var headline: Markdown {
        let roles = record.roles.map { "\($0.name) \($0.rows) in \($0.groups) groups" }
        return Markdown.list([
            "rank correlation with the target on the confirm rows, 95 %: **\(estimate(summary.score))**",
            "over the length of the text, paired: **\(estimate(summary.gainOverLength, signed: true))**",
            "features confirmed at a false-discovery rate of \(Format.number(record.falseDiscoveryRate, digits: 2)): \(summary.confirmed) of \(summary.chosen)",
            "tools tried, those that failed included: \(summary.tried)",
            "rows: \(roles.joined(separator: "; ")); \(summary.rowsSetAside) set aside",
        ])
    }

    private var weights: Markdown {
        let features = record.ranking.map { index -> [Markdown] in
            let feature = record.features[index]
            return ["\(feature.name)", "\(Format.signed(feature.weight, digits: 4))"]
        }
        let controls = record.controls.map { control -> [Markdown] in
            ["\(control.name) (control)", "\(Format.signed(control.weight, digits: 4))"]
        }
        let table = Markdown.table(["column", ">weight"], features + controls)
        return """
            ## The score

            Weights are in the score's units, per standard deviation of the column.

            \(table)
            """
    }

    private var scores: Markdown {
        let select = record.selectScore.map { score -> Markdown in
            "Cross-fitted on the rows it was selected on, the same set scores \(Format.number(score, digits: 3))."
        }
        let strata = record.strata.map { stratum -> Markdown in
            """
            ### Within \(ShownText.bounded(stratum.name, 80)), \(stratum.rows) rows

            \(table(stratum.scores))
            """
        }
        return .blocks(["## Scores beside their baselines", table(record.scores), select] + strata)
    }

    private func table(_ scores: [MiningRecord.Score]) -> Markdown {
        let columns = [
            "on the confirm rows", ">rank correlation [95 %]", ">the features over it [95 %]",
            ">mean absolute error",
        ]
        return .table(
            columns,
            scores.map { row in
                [
                    "\(row.name)", "\(estimate(row.spearman))",
                    row.gain == nil ? "" : "\(estimate(row.gain, signed: true))",
                    "\(row.meanAbsoluteError.map(Format.significant) ?? "–")",
                ]
            })
    }

    private var null: Markdown? {
        guard let null = summary.null, let distribution = record.null else { return nil }
        let proposing =
            distribution.coversProposing
            ? "Proposing was done again in each." : "The proposals were taken as they were."
        let reached = null.pValue.map {
            "\(null.reached) of them reach the real score: p = \(Format.probability($0))."
        }
        return """
            ## The null

            With targets permuted over the rows, \(null.runs) runs of the same machinery score \
            \(Format.number(null.mean, digits: 3)) on average, from \(Format.number(null.low, digits: 3)) \
            to \(Format.number(null.high, digits: 3)), and choose \
            \(Format.number(distribution.features, digits: 1)) features. \(reached ?? "") \(proposing)
            """
    }

    private var redundancy: Markdown? {
        let plot = RedundancyPlot(record, order: record.ranking)
        guard !plot.isEmpty else { return nil }
        return .blocks(["## Which features say the same", "\(plot.strongest)", plot.markdown])
    }

    private var rounds: Markdown? {
        guard !record.rounds.isEmpty else { return nil }
        let rows = zip(1..., record.rounds).map { number, round -> [Markdown] in
            [
                "\(number)", "\(round.proposed)", "\(round.sound)", "\(round.chosen)",
                "\(round.score.map { Format.number($0, digits: 3) } ?? "–")",
            ]
        }
        let columns = [">round", ">proposed", ">passed their checks", ">chosen after it", ">score"]
        return .blocks(["## Rounds", .table(columns, rows)])
    }

    private var dropped: Markdown? {
        guard !record.dropped.isEmpty else { return nil }
        let items = DropGroup.groups(record.dropped).map { group -> Markdown in
            let names = group.members.prefix(20).map { ShownText.bounded($0.name, 60) }
            let rest = group.members.count > 20 ? " and \(group.members.count - 20) more" : ""
            return
                "\(group.members.count): \(group.reason) — \(names.joined(separator: ", "))\(rest)"
        }
        return .blocks(["## Tried and dropped", .list(items)])
    }

    private var setAside: Markdown? {
        guard !record.setAside.isEmpty else { return nil }
        let items = record.setAside.map { part -> Markdown in
            let places = part.examples.prefix(5).map(String.init).joined(separator: ", ")
            return "\(part.rows): \(part.reason) (row \(places.isEmpty ? "–" : places))"
        }
        return .blocks(["## Rows set aside", .list(items)])
    }

    private var money: Markdown? {
        guard !usage.isEmpty else { return nil }
        let rows = usage.map { row -> [Markdown] in
            [
                "\(row.role)", "\(row.model)", "\(row.replies)", "\(row.inputTokens)",
                "\(row.outputTokens)", "\(row.cost?.text ?? "not known")",
            ]
        }
        let columns = ["role", "model", ">replies", ">input tokens", ">output tokens", ">cost"]
        return .blocks(["## Language model", .table(columns, rows)])
    }

    private var run: Markdown? {
        guard !facts.isEmpty else { return nil }
        return .blocks([
            "## What was run", .list(facts.map { "\($0.name): \($0.value)" }),
        ])
    }
}

import Inquiry
import Statistics

/// A run of `mine` as one self-contained HTML page: no script, no external file, and nothing in it
/// that is not in the record, so the same record gives the same bytes.
public struct MiningReport: Sendable {
    private let record: MiningRecord
    private let summary: MiningSummary
    private let study: String
    private let facts: [RunRecord.Fact]
    private let usage: [RoleUsage]
    private let decisions: [RunRecord.Fact]
    private let ranking: [Int]

    /// - Parameters:
    ///   - study: the hash of the manifest.
    ///   - facts: what the manifest says, for people.
    ///   - usage: what the language model's replies came to; empty where none was asked.
    ///   - decisions: what people were asked and what they decided; empty where nobody was asked.
    public init(
        _ record: MiningRecord, study: String, facts: [RunRecord.Fact], usage: [RoleUsage],
        decisions: [RunRecord.Fact] = []
    ) {
        self.record = record
        self.study = study
        self.facts = facts
        self.usage = usage
        self.decisions = decisions
        summary = MiningSummary(record)
        ranking = record.ranking
    }

    public var html: String {
        let title = ShownText.plain(record.title, 120)
        let trail = MiningTrail(record: record)
        let body: HTML = """
            <h1><bdi>\(title)</bdi></h1>
            <p>Target: \(HTML.data(record.target, 400)).</p>
            <p class="soft">Study \(study.prefix(16)). Every figure below follows from the journal;
            <code>conjecture verify</code> does it again.</p>
            \(tiles)\(MiningScores(record: record).html)\(MiningNull(record: record).html)
            \(features)\(redundancy)\(trail.html)\(people)\(money)\(FactsTable(facts: facts).html)
            """
        return Page(title: title, style: MiningStyle.sheet, body: body).source
    }

    private var tiles: HTML {
        let roles = record.roles.map { role -> HTML in
            "<br>\(HTML.data(role.name, 40)): \(role.rows) in \(role.groups) groups"
        }
        let rows = record.roles.reduce(0) { $0 + $1.rows }
        return """
            <div class="tiles">
            <div class="tile">\(figure(summary.score))rank correlation of the score with the target on
            the confirm rows, 95 %</div>
            <div class="tile">\(figure(summary.gainOverLength, signed: true))over the length of the text,
            paired on the same rows, 95 %</div>
            <div class="tile">\(nullTile)</div>
            <div class="tile"><b>\(summary.confirmed) of \(summary.chosen)</b>chosen features confirmed at a
            false-discovery rate of \(record.falseDiscoveryRate, digits: 2)</div>
            <div class="tile"><b>\(summary.tried)</b>tools tried, those that failed included</div>
            <div class="tile"><b>\(rows)</b>rows used; \(summary.rowsSetAside) set aside\(roles)</div>
            </div>
            """
    }

    private func figure(_ value: Estimate?, signed: Bool = false) -> HTML {
        let bare = value.map { Estimate(value: $0.value, interval: nil, count: $0.count) }
        return "<b>\(estimate(bare, signed: signed))</b><i>\(interval(value))</i>"
    }

    private var nullTile: HTML {
        guard let null = summary.null else {
            return "<b>–</b>no null was run: nothing says what chance alone would score"
        }
        return """
            <b>\(null.mean, digits: 3)</b><i>\(null.low, digits: 3) … \(null.high, digits: 3)</i>is what
            \(null.runs) runs on permuted targets score: mean and range
            """
    }

    private var features: HTML {
        guard !record.features.isEmpty else {
            return """
                <h2>Features</h2><p class="warn">No feature was chosen: nothing that was tried adds to what the
                length of the text and the other controls say of the target.</p>\(controls)
                """
        }
        let ranked = Array(zip(1..., ranking.map { record.features[$0] }))
        let articles = ranked.map { rank, feature in
            MiningArticle(feature, rank: rank, rate: record.falseDiscoveryRate).html
        }
        return """
            <h2>Features</h2><p class="soft">The heaviest first. A weight is what one standard deviation of the
            feature moves the score by; correlations are with the target, on the confirm rows, with 95 %
            intervals.</p>\(table(ranked))\(controls)\(articles)
            """
    }

    private func table(_ ranked: [(Int, MinedFeature)]) -> HTML {
        let rows = ranked.map { rank, feature -> HTML in
            """
            <tr><td class="n">\(rank)</td><td><a href="#feature-\(rank)">\(HTML.data(feature.title, 120))</a></td>
            <td>\(verdict(feature, rate: record.falseDiscoveryRate))</td>
            <td>\(HTML.data(feature.kind, 20))</td>
            <td class="n">\(Format.signed(feature.weight, digits: 3))</td>
            <td class="n">\(estimate(feature.confirm, signed: true))</td>
            <td class="n">\(estimate(feature.gain, signed: true))</td>
            <td class="n">\(Format.probability(feature.qValue))</td>
            <td class="n">\(feature.stability.map { Format.number($0, digits: 2) } ?? "–")</td></tr>
            """
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="Features"><table class="wider">
            <tr><th class="n" scope="col">#</th><th scope="col">feature</th><th scope="col">verdict</th>
            <th scope="col">kind</th><th class="n" scope="col">weight</th>
            <th class="n" scope="col">correlation</th><th class="n" scope="col">gain</th>
            <th class="n" scope="col">q</th><th class="n" scope="col">stability</th></tr>\(rows)</table></div>
            """
    }

    private var controls: HTML {
        guard !record.controls.isEmpty else { return "" }
        let items = record.controls.map { control -> HTML in
            "<li>\(HTML.data(control.name, 80)): weight \(Format.signed(control.weight, digits: 3))</li>"
        }
        return "<p>Always part of the score beside the features:</p><ul>\(items)</ul>"
    }

    private var redundancy: HTML {
        let plot = RedundancyPlot(record, order: ranking)
        guard !plot.isEmpty else { return "" }
        return """
            <h2>Which features say the same</h2><section class="card"><p class="soft">Rank correlation with each
            other on the select rows; numbered as above. <bdi>\(plot.strongest)</bdi></p>
            <div class="scroll" tabindex="0" role="region" aria-label="Redundancy">\(plot.svg)</div>
            <details><summary>as a table</summary>\(plot.table)</details></section>
            """
    }

    private var people: HTML {
        guard !decisions.isEmpty else { return "" }
        let rows = decisions.map {
            "<tr><th scope=\"row\">\(HTML.data($0.name, 120))</th><td>\(HTML.data($0.value, 4_400))</td></tr>"
                as HTML
        }
        return """
            <h2>What people decided</h2><section class="card"><div class="scroll" tabindex="0" role="region"
            aria-label="What people decided"><table>\(rows)</table></div></section>
            """
    }

    private var money: HTML {
        guard !usage.isEmpty else { return "" }
        return """
            <h2>Language model</h2><section class="card">\(UsageTable(usage: usage).html)
            <p class="soft">What the replies cost when they were given. No score and no verdict is the
            model's.</p></section>
            """
    }
}

/// Whether a feature held on rows that nobody had seen.
func verdict(_ feature: MinedFeature, rate: Double) -> HTML {
    feature.qValue <= rate
        ? "<span class=\"badge good\">confirmed</span>"
        : "<span class=\"badge warn\">not confirmed</span>"
}

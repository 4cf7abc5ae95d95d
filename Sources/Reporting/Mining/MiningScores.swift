import Inquiry
import Statistics

/// The score of the features beside every baseline, overall and within strata.
struct MiningScores {
    let record: MiningRecord
    private static let mostStrata = 12

    var html: HTML { "<h2>Scores beside their baselines</h2>\(overall)\(strata)" }

    private var overall: HTML {
        guard !record.scores.isEmpty else {
            return "<p class=\"warn\">Nothing was scored on the confirm rows.</p>"
        }
        let select =
            record.selectScore.map { score -> HTML in
                """
                <p class="soft">Cross-fitted on the rows it was selected on, the same set scores
                \(score, digits: 3): what a report without confirm rows would say.</p>
                """
            } ?? ""
        return """
            <section class="card">\(table(record.scores))\(select)\(forests(record.scores, within: nil))</section>
            """
    }

    private func table(_ scores: [MiningRecord.Score]) -> HTML {
        let rows = scores.map { row -> HTML in
            let name: HTML =
                isMain(row)
                ? "<b>\(HTML.data(row.name, 80))</b>" : HTML.data(row.name, 80)
            return """
                <tr><th class="name" scope="row">\(name)</th><td class="n">\(estimate(row.spearman))</td>
                <td class="n">\(isMain(row) ? "" : estimate(row.gain, signed: true))</td>
                <td class="n">\(row.meanAbsoluteError.map(Format.significant) ?? "–")</td></tr>
                """
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="Scores"><table class="wide">
            <tr><th scope="col"></th><th class="n" scope="col">rank correlation [95 %]</th>
            <th class="n" scope="col">the features over it [95 %]</th>
            <th class="n" scope="col">mean absolute error</th></tr>\(rows)</table></div>
            """
    }

    /// Intervals side by side: of the scores, and of what the features gain over each baseline.
    private func forests(_ scores: [MiningRecord.Score], within stratum: String?) -> HTML {
        let place = stratum.map { " within \(ShownText.plain($0, 30))" } ?? ""
        let correlations = ForestPlot(
            title: "Rank correlation with the target" + place, isSigned: false,
            rows: scores.map {
                ForestPlot.Row(name: $0.name, estimate: $0.spearman, isMain: isMain($0))
            })
        let baselines = scores.filter { !isMain($0) && $0.gain != nil }
        let gains = ForestPlot(
            title: "Gain of the features" + place, isSigned: true,
            rows: baselines.map {
                ForestPlot.Row(name: "over \($0.name)", estimate: $0.gain, isMain: true)
            })
        let added: HTML =
            baselines.isEmpty
            ? ""
            : """
            <figure><figcaption>What the features add, paired</figcaption>\(gains.svg)</figure>
            """
        return """
            <div class="plots"><figure><figcaption>Rank correlation with the target</figcaption>\
            \(correlations.svg)</figure>\(added)</div>
            """
    }

    private var strata: HTML {
        let parts = record.strata.prefix(Self.mostStrata).map { stratum -> HTML in
            """
            <h4>\(HTML.data(stratum.name, 80)) <span class="soft">(\(stratum.rows) confirm rows)</span></h4>
            \(table(stratum.scores))\(forests(stratum.scores, within: stratum.name))
            """
        }
        guard !parts.isEmpty else { return "" }
        let left = record.strata.count - parts.count
        let note: HTML =
            left == 0 ? "" : "<p class=\"soft\">\(left) more strata are in the journal.</p>"
        return """
            <section class="card"><h3>Within strata</h3><p class="soft">A score that only tells the strata apart
            is near zero in each of them.</p>\(parts)\(note)</section>
            """
    }

    private func isMain(_ row: MiningRecord.Score) -> Bool {
        row.name == MiningRecord.Score.features
    }
}

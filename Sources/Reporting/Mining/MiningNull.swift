import Inquiry
import Statistics

/// What the same machinery reports where there is nothing to find, behind the real score.
struct MiningNull {
    let record: MiningRecord

    var html: HTML {
        guard let null = record.null, let figures = MiningSummary(record).null else { return "" }
        let real = record.scores.first { $0.name == MiningRecord.Score.features }?.spearman
        let plot = NullPlot(null.scores, real: real)
        let bins = plot.bins.map { bin -> HTML in
            """
            <tr><td class="n">\(bin.low, digits: 3) … \(bin.high, digits: 3)</td>
            <td class="n">\(bin.count)</td></tr>
            """
        }
        return """
            <h2>The null</h2><section class="card"><div class="beside"><div>\(words(null, figures))
            <details><summary>as a table</summary><div class="scroll"><table>
            <tr><th class="n" scope="col">score</th><th class="n" scope="col">runs</th></tr>\(bins)</table></div>
            </details></div><figure>\(plot.svg(description: description(figures, real)))</figure></div></section>
            """
    }

    private func words(
        _ null: MiningRecord.NullDistribution, _ figures: MiningSummary.Null
    ) -> HTML {
        let proposing =
            null.coversProposing
            ? "Proposing was done again in each of them."
            : "The proposals were taken as they were: a language model was not asked again."
        let reached: HTML =
            figures.pValue.map { value in
                """
                <p>\(figures.reached) of them reach the real score: p = \(Format.probability(value)).</p>
                """
            } ?? ""
        return """
            <p>With targets permuted over the rows, \(figures.runs) runs of the same machinery score
            \(figures.mean, digits: 3) on average, from \(figures.low, digits: 3) to
            \(figures.high, digits: 3), and choose \(null.features, digits: 1) features.</p>
            \(reached)<p class="soft">\(proposing)</p>
            """
    }

    private func description(_ figures: MiningSummary.Null, _ real: Estimate?) -> String {
        "\(figures.runs) runs on permuted targets from \(Format.number(figures.low, digits: 3)) to "
            + "\(Format.number(figures.high, digits: 3)), on average "
            + "\(Format.number(figures.mean, digits: 3)); the features score \(estimate(real))."
    }
}

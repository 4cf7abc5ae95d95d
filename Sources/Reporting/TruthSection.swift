import Inquiry

/// Which known properties of the domain come nearest to a feature and its explanation.
struct TruthSection {
    let truth: GroundTruth
    /// What intervals are over.
    let groups: String

    var html: HTML {
        let best =
            truth.best.map { row("nearest to the feature", $0) }
                ?? """
                <tr><td>nearest to the feature</td><td class="soft">too few firing inputs to choose on some \
                \(groups) and measure on others</td><td class="n">–</td><td class="n">–</td></tr>
                """
        return """
            <h3>Ground truth: the nearest of \(truth.properties) known properties</h3>
            <div class="scroll"><table><tr><th></th><th>property</th>
            <th class="n">F1 with the explanation</th><th class="n">F1 with the firing</th></tr>
            \(row("nearest to the explanation", truth.nearest))\(best)</table></div>
            <p class="soft">The property nearest to the feature was chosen on every second of the \(groups), and
            its F1 with the firing is of the others.</p>
            """
    }

    private func row(_ name: String, _ match: PropertyMatch) -> HTML {
        """
        <tr><td>\(name)</td><td>\(match.statement)<br><code>\(match.formula)</code></td>
        <td class="n">\(match.explanationF1, digits: 3)</td>
        <td class="n">\(estimate(match.firingF1))</td></tr>
        """
    }
}

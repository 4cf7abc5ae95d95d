import Inquiry

/// What a feature writes, for the report.
struct OutputSection {
    let output: OutputSide

    var html: HTML {
        """
        <h3>What it writes \(badge)</h3><p class="soft">Next tokens whose logit one unit of the feature's
        activation changes most, straight through the unembedding; and what adding \(output.strength, digits: 2)
        times its direction does after the last token of \(output.promotion.steered.count) texts, beside the wrong
        sign and a random direction of the same length (95 % intervals over texts).</p>
        <p>raises \(tokens(output.promoted))</p><p>lowers \(tokens(output.suppressed))</p>
        <div class="scroll"><table><tr><th></th><th class="n">steered</th><th class="n">wrong sign</th>
        <th class="n">random direction</th><th class="n">steered over the greater control</th></tr>
        \(row("probability of the raised tokens, change", output.promotion))
        \(row("divergence from the plain distribution, nats", output.divergence))</table></div>
        """
    }

    private var badge: HTML {
        output.isFacet
            ? "<span class=\"badge good\">an output facet</span>"
            : "<span class=\"badge warn\">no more than controls do</span>"
    }

    private func tokens(_ tokens: [OutputSide.Token]) -> HTML {
        let items = tokens.map { token -> HTML in
            """
            <code class="token" title="\(token.logit, digits: 3)">\(TokenDrawing.visible(token.text))</code>

            """
        }
        return "\(items)"
    }

    private func row(_ name: String, _ effect: OutputSide.Effect) -> HTML {
        """
        <tr><td>\(name)</td><td class="n">\(estimate(effect.steered, signed: true))</td>
        <td class="n">\(estimate(effect.opposite, signed: true))</td>
        <td class="n">\(estimate(effect.random, signed: true))</td>
        <td class="n">\(estimate(effect.excess, signed: true))</td></tr>
        """
    }
}

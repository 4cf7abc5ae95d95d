import Inquiry

/// Texts with their tokens shaded by activation. A text is data: it may hold markup, marks that turn the
/// direction of writing, or anything else, and is shown as it is within a box of its own.
package struct TokenDrawing {
    /// Shades apart from none.
    private static let shades = 9

    /// What a page needs beside ``ReportStyle``.
    static var style: HTML {
        let shades = (1...shades).map { shade -> HTML in
            """
            .s\(shade){background:rgb(224 123 0/\(Double(shade) * 0.09, digits: 2));border-radius:2px}

            """
        }
        return """
            <style>
            .text{white-space:pre-wrap;unicode-bidi:isolate;overflow-wrap:anywhere;max-width:76ch}
            code.token{white-space:pre;border:1px solid var(--line);border-radius:4px;padding:0 3px;\
            unicode-bidi:isolate}
            \(shades)</style>
            """
    }

    func activity(_ beginning: Beginning) -> HTML {
        let rows = beginning.exemplars.map { exemplar -> HTML in
            """
            <tr><td class="n">\(exemplar.activation, digits: 2)</td><td>\(shaded(exemplar, top: beginning.threshold.maximum))</td></tr>

            """
        }
        return """
            <h3>Where it fires</h3><p class="soft">Active on \(beginning.density * 100, digits: 2) % of the texts;
            fires from \(beginning.threshold.value, digits: 3), half of the mean of the ten highest maxima (half of
            the maximum: \(beginning.threshold.ofMaximum, digits: 3)). The strongest exemplars, then weaker ones;
            the darker a token, the higher the activation on it.</p>
            <div class="scroll"><table><tr><th class="n">maximum</th><th>exemplar</th></tr>\(rows)</table></div>
            """
    }

    /// - Parameter top: the activation that gets the darkest shade.
    func shaded(_ exemplar: Exemplar, top: Double) -> HTML {
        guard let tokens = exemplar.tokens else { return plain(exemplar.input) }
        let spans = tokens.map { token -> HTML in
            let share = top > 0 ? min(1, max(0, token.activation / top)) : 0
            let shade = Int((share * Double(Self.shades)).rounded(.up))
            let text = Self.visible(token.text)
            return shade == 0
                ? "\(text)"
                : "<span class=\"s\(shade)\" title=\"\(token.activation, digits: 2)\">\(text)</span>"
        }
        return "<div class=\"text\" dir=\"auto\">\(spans)</div>"
    }

    /// A text without activations.
    func plain(_ text: String) -> HTML {
        "<div class=\"text\" dir=\"auto\">\(Self.visible(text))</div>"
    }

    /// Line breaks and tabs get a sign: a feature may be about them.
    static func visible(_ text: String) -> String {
        text.replacing("\r\n", with: "␍\n").replacing("\r", with: "␍").replacing("\n", with: "⏎\n")
            .replacing("\t", with: "⇥\t")
    }
}

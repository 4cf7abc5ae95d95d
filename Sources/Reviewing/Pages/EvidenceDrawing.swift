import Inquiry
import Reporting

/// One piece of evidence on a sheet.
struct EvidenceDrawing {
    let evidence: Evidence
    /// Rows of one piece that are drawn at most; how many more there are is said.
    private static let limit = 1_000

    var html: HTML {
        let (title, body): (String, HTML) =
            switch evidence {
            case .exemplars(let exemplars): ("Where it fires", Self.exemplars(exemplars))
            case .probes(let probes): ("Probes", Self.probes(probes))
            case .histogram(let histogram):
                (histogram.title, HistogramDrawing(histogram: histogram).html)
            case .table(let table): (table.title, Self.table(table))
            case .text(let passage): (passage.title, Self.passage(passage))
            }
        return "<section class=\"card\"><h2>\(title)</h2>\(body)</section>\n"
    }

    private static func exemplars(_ evidence: Evidence.Exemplars) -> HTML {
        let drawing = InputDrawing(board: evidence.board)
        let shown = evidence.exemplars.prefix(limit)
        let note: HTML = """
            <p class="soft">Fires from \(evidence.threshold, digits: 3); highest activation \(evidence.maximum, digits: 3).
            \(evidence.board == nil ? "The darker a token, the higher the activation on it."
                : "Mine dark, theirs light; the last move is ringed, flipped discs are dotted.")</p>
            """
        guard evidence.board == nil else {
            let boards = shown.map { exemplar -> HTML in
                """
                <figure>\(drawing.exemplar(exemplar, top: evidence.maximum))<figcaption>\(exemplar.activation, digits: 2)\
                </figcaption></figure>
                """
            }
            return "\(note)<div class=\"boards\">\(boards)</div>\(rest(evidence.exemplars.count))"
        }
        let rows = shown.map { exemplar -> HTML in
            let fires: HTML =
                exemplar.activation >= evidence.threshold
                ? "" : " <span class=\"soft\">silent</span>"
            return """
                <tr><td class="n">\(exemplar.activation, digits: 2)\(fires)</td>
                <td>\(drawing.exemplar(exemplar, top: evidence.maximum))</td></tr>

                """
        }
        return """
            \(note)<div class="scroll" tabindex="0" role="region" aria-label="Exemplars"><table class="exemplars">
            <tr><th class="n" scope="col">maximum</th><th scope="col">exemplar</th></tr>\(rows)</table></div>
            \(rest(evidence.exemplars.count))
            """
    }

    private static func probes(_ evidence: Evidence.Probes) -> HTML {
        let drawing = InputDrawing(board: evidence.board)
        let rows = evidence.probes.prefix(limit).map { line -> HTML in
            let (measured, outcome) = result(line, threshold: evidence.threshold)
            return """
                <tr><td>\(line.probe.role.rawValue)</td><td>\(drawing.input(line.probe.input))
                <span class="soft">\(line.probe.note)</span></td><td>\(line.probe.prediction.rawValue)</td>
                <td class="n">\(measured)</td><td>\(outcome)</td></tr>

                """
        }
        return """
            <p class="soft">Predictions were written down before the measurement; it fires from
            \(evidence.threshold, digits: 3).</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Probes"><table><tr><th scope="col">role</th>
            <th scope="col">input</th><th scope="col">predicted</th><th class="n" scope="col">measured</th>
            <th scope="col">outcome</th></tr>\(rows)</table></div>\(rest(evidence.probes.count))
            """
    }

    private static func result(_ line: Evidence.ProbeLine, threshold: Double) -> (HTML, HTML) {
        switch line.outcome {
        case .activation(let value)?:
            let seen: Prediction = value >= threshold ? .fires : .silent
            let outcome: HTML =
                seen == line.probe.prediction
                ? "<span class=\"good\">✓ as predicted</span>"
                : "<span class=\"bad\">✗ \(seen.rawValue) instead</span>"
            return ("\(value, digits: 3)", outcome)
        case .failed(let reason)?: return ("–", "<span class=\"warn\">failed: \(reason)</span>")
        case nil: return ("–", "<span class=\"soft\">not measured</span>")
        }
    }

    private static func table(_ table: Evidence.Table) -> HTML {
        let columns = table.columns.map { "<th scope=\"col\">\($0)</th>" as HTML }
        let rows = table.rows.prefix(limit).map { row -> HTML in
            let cells = row.map { cell -> HTML in
                let isNumber = Double(cell.replacing("−", with: "-")) != nil
                return isNumber ? "<td class=\"n\">\(cell)</td>" : "<td dir=\"auto\">\(cell)</td>"
            }
            return "<tr>\(cells)</tr>\n"
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(table.title)"><table><tr>\(columns)</tr>\(rows)\
            </table></div>\(rest(table.rows.count))
            """
    }

    private static func passage(_ passage: Evidence.Passage) -> HTML {
        passage.isCode
            ? "<pre class=\"code\" tabindex=\"0\"><code>\(passage.text)</code></pre>"
            : "<div class=\"text\" dir=\"auto\">\(passage.text)</div>"
    }

    private static func rest(_ count: Int) -> HTML {
        count > limit ? "<p class=\"warn\">\(count - limit) more are not shown.</p>" : ""
    }
}

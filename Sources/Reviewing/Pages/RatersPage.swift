import Reporting
import Statistics

/// How reliable the decisions are.
struct RatersPage {
    let table: RaterTable

    var html: HTML {
        let content: HTML =
            table.raters.isEmpty
            ? "<p class=\"card\">Nobody has voted yet.</p>" : "\(raters)\(agreement)\(pairs)"
        return """
            <h1>Raters</h1><p class="soft">Only first votes count, made before verdict and others’ votes were shown, on items that are settled.
            Intervals cover \(table.level * 100, digits: 0) %.</p><div id="raters" data-live="">\(content)</div>
            """
    }

    private var raters: HTML {
        let rows = table.raters.map { line -> HTML in
            let seconds: HTML = line.medianSeconds.map { "\($0, digits: 0)" } ?? "–"
            return """
                <tr><th scope="row">\(line.rater)</th><td class="n">\(line.votes)</td><td class="n">\(line.approved)</td>
                <td class="n">\(line.edited)</td><td class="n">\(line.rejected)</td>
                <td class="n">\(line.informedVotes)</td><td class="n">\(seconds)</td>
                <td class="n">\(share(line.shuffled))</td><td class="n">\(share(line.known))</td>
                <td class="n">\(share(line.duplicates))</td></tr>

                """
        }
        return """
            <h2>Each rater</h2><div class="scroll card" tabindex="0" role="region" aria-label="Each rater"><table>
            <tr><th scope="col">rater</th><th class="n" scope="col">votes</th><th class="n" scope="col">approved</th>
            <th class="n" scope="col">edited</th><th class="n" scope="col">rejected</th>
            <th class="n" scope="col">not counted</th><th class="n" scope="col">median s</th>
            <th class="n" scope="col">wrong claims rejected</th><th class="n" scope="col">true claims approved</th>
            <th class="n" scope="col">repeats decided alike</th></tr>\(rows)</table></div>
            """
    }

    private func share(_ share: ControlShare?) -> HTML {
        guard let share else { return "–" }
        return """
            \(share.passed)/\(share.planted) <span class="soft">[\(share.interval.low, digits: 2), \
            \(share.interval.high, digits: 2)]</span>
            """
    }

    private var agreement: HTML {
        let rows = table.agreement.map { line -> HTML in
            """
            <tr><td>\(line.kind.map(PageWords.name) ?? "all kinds")</td><td>\(line.quantity.rawValue)</td>
            <td>\(line.name)</td>\(figure(line.figure))</tr>

            """
        }
        return """
            <h2>Agreement</h2><div class="scroll card" tabindex="0" role="region" aria-label="Agreement"><table>
            <tr><th scope="col">kind</th><th scope="col">of</th><th scope="col">figure</th>
            <th class="n" scope="col">value</th><th class="n" scope="col">items</th></tr>\(rows)</table></div>
            """
    }

    private var pairs: HTML {
        guard !table.pairs.isEmpty else { return "" }
        let rows = table.pairs.map { pair -> HTML in
            """
            <tr><td>\(pair.first)</td><td>\(pair.second)</td><td>\(pair.quantity.rawValue)</td>\(figure(pair.figure))</tr>

            """
        }
        return """
            <h2>Pairs, by Cohen’s κ</h2><div class="scroll card" tabindex="0" role="region" aria-label="Pairs"><table>
            <tr><th scope="col">rater</th><th scope="col">rater</th><th scope="col">of</th>
            <th class="n" scope="col">κ</th><th class="n" scope="col">items</th></tr>\(rows)</table></div>
            """
    }

    /// Two cells.
    private func figure(_ figure: AgreementFigure) -> HTML {
        let value: HTML
        if let estimate = figure.estimate {
            let interval: HTML =
                estimate.interval.map {
                    " <span class=\"soft\">[\($0.low, digits: 2), \($0.high, digits: 2)]</span>"
                } ?? ""
            value = "\(estimate.value, digits: 2)\(interval)"
        } else {
            value = "<span class=\"soft\">\(figure.gap ?? "–")</span>"
        }
        return "<td class=\"n\">\(value)</td><td class=\"n\">\(figure.items)</td>"
    }
}

extension ReviewPages {
    public static func raters(_ table: RaterTable, session: PageSession) -> String {
        ReviewLayout(
            title: "Raters", place: .raters, session: session,
            events: "/events?after=\(table.sequence)", body: RatersPage(table: table).html
        ).source
    }
}

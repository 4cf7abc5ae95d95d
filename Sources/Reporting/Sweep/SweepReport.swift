import Dictionaries
import Statistics

/// A sweep as one self-contained HTML page: a plot for each figure over L0, what holds at the same L0, and
/// one table of everything.
public struct SweepReport: Sendable {
    private let record: SweepRecord

    public init(_ record: SweepRecord) { self.record = record }

    public var html: String {
        let body: HTML = """
            <h1>Sweep of dictionaries</h1>
            <p class="soft">\(record.place). All were measured on the same data, which are not those of the training; beginnings that many games share occur in both.</p>
            \(plots)\(matched)\(table)\(definitions)\(facts)
            """
        return Page(title: "Sweep of dictionaries", style: SweepStyle.sheet, body: body).source
    }

    private var plots: HTML {
        let legend = record.series.enumerated().map { index, name -> HTML in
            "<li>\(SweepPlot.key(index)) \(name)</li>"
        }
        let drawn = record.figures.map { figure -> HTML in
            "<figure>\(SweepPlot(record, figure).svg)</figure>"
        }
        return """
            <section class="card"><ul class="legend">\(legend)</ul><div class="plots">\(drawn)</div>
            <p class="soft">Bars are 95 % intervals over groups of rows. The broken line is the best of the same on
            a model of random weights, the dotted one what a linear probe reads.</p></section>
            """
    }

    private var matched: HTML {
        let figures = record.figures
        let comparisons = record.comparisons
        // Those of one pair of series follow each other, one for each figure.
        let rows = stride(from: 0, to: comparisons.count, by: max(1, figures.count)).map {
            first -> HTML in
            let pair = comparisons[first]
            let range = pair.range.map {
                "\(Format.number($0.lowerBound, digits: 1)) … \(Format.number($0.upperBound, digits: 1))"
            }
            let cells = comparisons[first..<first + figures.count].map { comparison -> HTML in
                let text = comparison.difference.map { Format.signed($0, digits: 4) } ?? "–"
                return "<td class=\"n\">\(text)</td>"
            }
            return """
                <tr><td>\(pair.series)</td><td>\(pair.baseline)</td>
                <td class="n">\(range ?? "none")</td>\(cells)</tr>
                """
        }
        guard !rows.isEmpty else { return "" }
        let heads = figures.map { "<th class=\"n\">\($0.rawValue)</th>" as HTML }
        return """
            <h2>At the same L0</h2><section class="card"><div class="scroll"><table>
            <tr><th>series</th><th>less</th><th class="n">L0 that both cover</th>\(heads)</tr>\(rows)</table></div>
            <p class="soft">Mean differences of curves that are straight between dictionaries, over the logarithm
            of L0. One seed a dictionary: a difference as small as the intervals says nothing.</p></section>
            """
    }

    private var table: HTML {
        let figures = record.figures
        let heads = figures.map { "<th class=\"n\">\($0.rawValue)</th>" as HTML }
        func row(_ entry: SweepRecord.Entry, _ series: String) -> HTML {
            let cells = figures.map {
                "<td class=\"n\">\(estimate(entry.evaluated[$0]))</td>" as HTML
            }
            let live = entry.evaluated[.liveShare].map { Format.number(100 * $0.value, digits: 1) }
            return """
                <tr><td>\(series)</td><td>\(entry.setting)</td>
                <td class="n">\(entry.activeLatents, digits: 1)</td><td class="n">\(live ?? "–")</td>\(cells)</tr>
                """
        }
        let rows =
            record.entries.map { row($0, $0.series) }
            + record.floor.map { row($0, "random weights: \($0.series)") }
        return """
            <h2>All dictionaries</h2><section class="card"><div class="scroll"><table>
            <tr><th>series</th><th>setting</th><th class="n">L0</th><th class="n">latents that fire, %</th>\(heads)</tr>
            \(rows)</table></div></section>
            """
    }

    private var definitions: HTML {
        let rows = (record.figures + [.probe]).map { figure -> HTML in
            "<tr><th>\(figure.rawValue)</th><td>\(figure.definition)</td></tr>"
        }
        return """
            <details><summary>What the figures are</summary><section class="card"><table>\(rows)</table></section></details>
            """
    }

    private var facts: HTML {
        let rows = record.facts.map { "<tr><th>\($0.name)</th><td>\($0.value)</td></tr>" as HTML }
        return """
            <details><summary>What was run</summary><section class="card"><table>\(rows)</table></section></details>
            """
    }
}

enum SweepStyle {
    static let sheet: HTML = """
        <style>
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:8px 24px}
        figure{margin:6px 0;min-width:0}svg.plot{display:block;width:100%;height:auto}
        svg text{font:11px system-ui,sans-serif;fill:var(--ink)}svg text.tick{fill:var(--soft)}
        svg text.strong{font-weight:600}
        .fine{stroke:var(--line);stroke-width:.6;fill:none}.zero{stroke:var(--soft);stroke-width:1;fill:none}
        .floor{stroke:var(--soft);stroke-width:1.4;stroke-dasharray:6 4;fill:none}
        .probe{stroke:var(--soft);stroke-width:1.4;stroke-dasharray:1.5 3.5;fill:none}
        .legend{list-style:none;margin:0 0 8px;padding:0;display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px}
        .legend svg{vertical-align:-3px}
        .s0{--c:#1f6fd1}.s1{--c:#c2410c}.s2{--c:#15803d}.s3{--c:#9333ea}.s4{--c:#b91c1c}.s5{--c:#0e7490}
        @media(prefers-color-scheme:dark){.s0{--c:#7db4ff}.s1{--c:#ff9f66}.s2{--c:#6ee7a0}.s3{--c:#cfa4ff}.s4{--c:#ff8f8f}.s5{--c:#6bd6ea}}
        .series path{stroke:var(--c);fill:none;stroke-width:1.3}.series .mark{fill:var(--c);stroke:var(--c)}
        .series .hollow{fill:var(--card);stroke:var(--c);stroke-width:1.6}.series .thin{opacity:.45;stroke-width:1}
        </style>
        """
}

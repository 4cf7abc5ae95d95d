import Inquiry
import Statistics

/// One chosen feature's part of the report.
struct MiningArticle {
    private let feature: MinedFeature
    private let rank: Int
    private let rate: Double
    private static let mostSource = 8_000

    /// - Parameter rate: the false-discovery rate at which a feature counts as confirmed.
    init(_ feature: MinedFeature, rank: Int, rate: Double) {
        self.feature = feature
        self.rank = rank
        self.rate = rate
    }

    var html: HTML {
        """
        <article id="feature-\(rank)"><h3>\(rank). \(HTML.data(feature.title, 160)) \
        \(verdict(feature, rate: rate))</h3>
        <p>\(HTML.data(feature.sentence, 600))</p>\(definition)
        <div class="beside"><div>\(figures)</div>\(effect)</div>\(examples)</article>
        """
    }

    private var definition: HTML {
        let source = ShownText.source(feature.definition, Self.mostSource)
        if source.count <= 200, !source.contains(where: \.isNewline) {
            return "<p><code class=\"source\">\(source)</code></p>"
        }
        return """
            <details><summary>definition</summary><pre><code>\(source)</code></pre></details>
            """
    }

    private var figures: HTML {
        let rows: [(String, String)] = [
            ("weight", Format.signed(feature.weight, digits: 3)),
            ("correlation", estimate(feature.confirm, signed: true)),
            ("partial correlation", estimate(feature.partial, signed: true)),
            ("gain, lost without it", estimate(feature.gain, signed: true)),
            ("p", Format.probability(feature.pValue)),
            ("q", Format.probability(feature.qValue)),
            ("gain in selection", Format.signed(feature.selectGain, digits: 3)),
            ("stability", feature.stability.map(Format.percent) ?? "–"),
            ("missing", Format.percent(feature.missing)),
            ("reliability", feature.reliability.map { Format.number($0, digits: 2) } ?? "–"),
        ]
        let list = rows.map { "<dt>\($0)</dt><dd>\($1)</dd>" as HTML }
        return """
            <dl class="figures">\(list)</dl>
            <p class="soft"><code><bdi>\(ShownText.plain(feature.name, 80))</bdi></code>,
            \(HTML.data(feature.kind, 20)), proposed by \(HTML.data(feature.origin, 40)) in round
            \(feature.round + 1); tool <code>\(feature.hash.prefix(16))</code></p>
            """
    }

    private var effect: HTML {
        let plot = EffectPlot(feature)
        guard let svg = plot.svg else { return "" }
        return """
            <figure><figcaption>Mean target in each quantile of the feature, select rows</figcaption>\
            \(svg)<details><summary>as a table</summary>\(plot.table)</details></figure>
            """
    }

    private var examples: HTML {
        let sides = [("Where it is high", feature.high), ("Where it is low", feature.low)]
        let shown = sides.filter { !$0.1.isEmpty }.map { title, excerpts in
            ExcerptList(title: title, excerpts: excerpts).html
        }
        return shown.isEmpty ? "" : "<div class=\"sides\">\(shown)</div>"
    }
}

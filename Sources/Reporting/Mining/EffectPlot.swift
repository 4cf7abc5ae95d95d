import Inquiry
import Statistics

/// The mean target in each quantile of a feature, with its interval, over the feature's mean there.
struct EffectPlot {
    private let points: [MinedFeature.EffectPoint]
    private let title: String
    private static let left = 46.0
    private static let right = Plot.width - 10
    private static let top = 22.0
    private static let bottom = 172.0

    /// Points that are not finite are left out.
    init(_ feature: MinedFeature) {
        points = feature.effect.filter { $0.value.isFinite && $0.target.value.isFinite }
            .sorted { $0.value < $1.value }
        title = ShownText.plain(feature.title, 44)
    }

    /// Nil where there is nothing to draw.
    var svg: HTML? {
        guard !points.isEmpty else { return nil }
        let across = PlotAxis(points.map(\.value), from: Self.left, to: Self.right)
        let upward = PlotAxis(points.flatMap(\.target.extent), from: Self.bottom, to: Self.top)
        var content = Plot.upward(upward, left: Self.left, right: Self.right)
        content += Plot.across(across, top: Self.bottom, bottom: Self.bottom)
        content += curve(across, upward)
        content += Plot.text("mean target", 4, 12, "tick")
        content += Plot.text(title, Self.right, Self.bottom + 29, "tick", anchor: "end")
        let figures = points.map {
            "at \(Format.significant($0.value)): \(estimate($0.target))"
        }
        return Plot.frame(
            height: Self.bottom + 36, title: "The target over “\(title)”",
            description: figures.joined(separator: "; "), content: content)
    }

    private func curve(_ across: PlotAxis, _ upward: PlotAxis) -> HTML {
        var content: HTML = ""
        var dots: HTML = ""
        for (index, point) in points.enumerated() {
            let x = across.position(point.value)
            let y = upward.position(point.target.value)
            if index > 0 {
                let before = points[index - 1]
                content += Plot.line(
                    across.position(before.value), upward.position(before.target.value), x, y,
                    "curve")
            }
            if let bounds = point.target.interval, bounds.low.isFinite, bounds.high.isFinite {
                dots += Plot.line(
                    x, upward.position(bounds.low), x, upward.position(bounds.high), "span main")
            }
            dots +=
                "<circle class=\"main\" cx=\"\(x, digits: 1)\" cy=\"\(y, digits: 1)\" r=\"3.5\"/>"
        }
        return "\(content)\(dots)"
    }

    /// The plot's figures.
    var table: HTML {
        let rows = points.map { point -> HTML in
            """
            <tr><td class="n">\(Format.significant(point.value))</td>
            <td class="n">\(estimate(point.target))</td><td class="n">\(point.target.count)</td></tr>
            """
        }
        return """
            <div class="scroll"><table><tr><th class="n" scope="col">mean of the feature</th>
            <th class="n" scope="col">mean target [95 %]</th><th class="n" scope="col">units</th></tr>
            \(rows)</table></div>
            """
    }
}

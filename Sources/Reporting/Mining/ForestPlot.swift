import Inquiry
import Statistics

/// Estimates under each other, each a dot with its interval, over one axis with zero on it.
struct ForestPlot {
    struct Row {
        let name: String
        let estimate: Estimate?
        /// What the others are set beside.
        let isMain: Bool
    }

    let title: String
    /// Above zero, a sign is written.
    let isSigned: Bool
    let rows: [Row]

    private static let rowHeight = 32.0

    var svg: HTML {
        let values = rows.flatMap { $0.estimate?.extent ?? [] }
        let axis = PlotAxis(values + [0], from: 16, to: Plot.width - 16)
        let bottom = Double(rows.count) * Self.rowHeight + 4
        var content = Plot.across(axis, top: 2, bottom: bottom)
        for (index, row) in rows.enumerated() {
            content += draw(row, at: Double(index) * Self.rowHeight, axis)
        }
        let description = rows.map { "\(name($0)): \(figure($0))" }.joined(separator: "; ")
        return Plot.frame(
            height: bottom + 20, title: title, description: description, content: content)
    }

    private func draw(_ row: Row, at top: Double, _ axis: PlotAxis) -> HTML {
        let style = row.isMain ? "main" : "side"
        var content = Plot.text(name(row), 4, top + 13, row.isMain ? "strong" : "")
        content += Plot.text(figure(row), Plot.width - 4, top + 13, "tick", anchor: "end")
        guard let estimate = row.estimate, estimate.value.isFinite else { return content }
        let y = top + 23
        if let bounds = estimate.interval, bounds.low.isFinite, bounds.high.isFinite {
            content += Plot.line(
                axis.position(bounds.low), y, axis.position(bounds.high), y, "span \(style)")
        }
        content += """
            <circle class="\(style)" cx="\(axis.position(estimate.value), digits: 1)" \
            cy="\(y, digits: 1)" r="4"/>
            """
        return content
    }

    private func name(_ row: Row) -> String { ShownText.plain(row.name, 30) }

    private func figure(_ row: Row) -> String { estimate(row.estimate, signed: isSigned) }
}

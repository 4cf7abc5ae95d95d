import Dictionaries
import Foundation
import Statistics

/// A figure of every dictionary over its L0, a line for each series.
///
/// Series differ in shape and in colour, so that neither is needed alone.
struct SweepPlot {
    private struct Dot {
        let x: Double
        let estimate: Estimate
    }

    private let record: SweepRecord
    private let figure: EvaluationFigure
    private static let left = 46.0
    private static let right = Plot.width - 10
    private static let top = 24.0
    private static let bottom = 250.0

    init(_ record: SweepRecord, _ figure: EvaluationFigure) {
        self.record = record
        self.figure = figure
    }

    var svg: HTML {
        let series = record.series.map { name in
            record.entries.filter { $0.series == name && $0.activeLatents > 0 }.compactMap {
                entry in
                entry.evaluated[figure].map { Dot(x: log2(entry.activeLatents), estimate: $0) }
            }.sorted { $0.x < $1.x }
        }
        let lines = [record.floor(of: figure), probe].compactMap { $0 }
        let dots = series.flatMap { $0 }
        let upward = PlotAxis(
            dots.map(\.estimate.value) + lines.map(\.value), from: Self.bottom, to: Self.top)
        let across = Doublings(dots.map(\.x), from: Self.left, to: Self.right)
        var content = Plot.upward(upward, left: Self.left, right: Self.right)
        content += across.drawing(top: Self.top, bottom: Self.bottom)
        content += Plot.text(figure.rawValue, 4, 12, "strong")
        content += Plot.text("L0", Self.right, Self.bottom + 28, "tick", anchor: "end")
        for (line, style) in [(record.floor(of: figure), "floor"), (probe, "probe")] {
            guard let y = line.map({ upward.position($0.value) }) else { continue }
            content += Plot.line(Self.left, y, Self.right, y, style)
        }
        for (index, dots) in series.enumerated() {
            content += draw(dots, index, across, upward)
        }
        return Plot.frame(
            height: Self.bottom + 34, title: "\(figure.rawValue) over L0",
            description: description(series), content: content)
    }

    /// A probe reads properties, which only these figures are about.
    private var probe: Estimate? {
        [.coverage, .reconstructionPooled].contains(figure) ? record.probe : nil
    }

    private func description(_ series: [[Dot]]) -> String {
        zip(record.series, series).map { name, dots in
            name + ": "
                + dots.map {
                    "L0 \(Format.number(exp2($0.x), digits: 1)) \(estimate($0.estimate))"
                }.joined(separator: ", ")
        }.joined(separator: "; ")
    }

    private func draw(
        _ dots: [Dot], _ index: Int, _ across: Doublings, _ upward: PlotAxis
    ) -> HTML {
        var content: HTML = ""
        for (a, b) in zip(dots, dots.dropFirst()) {
            content += Plot.line(
                across.position(a.x), upward.position(a.estimate.value), across.position(b.x),
                upward.position(b.estimate.value), "")
        }
        for dot in dots {
            let x = across.position(dot.x)
            if let bounds = dot.estimate.interval {
                content += Plot.line(
                    x, upward.position(bounds.low), x, upward.position(bounds.high), "thin")
            }
            content += Self.mark(index, x, upward.position(dot.estimate.value))
        }
        return "<g class=\"series s\(index % 6)\">\(content)</g>"
    }

    /// The mark of a series by itself, for a legend.
    static func key(_ index: Int) -> HTML {
        """
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><g class="series s\(index % 6)">\
        \(mark(index, 8, 8))</g></svg>
        """
    }

    /// Of six colours in each of four shapes, filled and then hollow.
    private static func mark(_ index: Int, _ x: Double, _ y: Double) -> HTML {
        let style = (index / 6) % 2 == 0 ? "mark" : "hollow"
        func path(_ corners: [(Double, Double)]) -> HTML {
            let points = corners.map {
                "\(Format.number(x + $0.0, digits: 1)) \(Format.number(y + $0.1, digits: 1))"
            }.joined(separator: "L")
            return "<path class=\"\(style)\" d=\"M\(points)Z\"/>"
        }
        switch index % 4 {
        case 0:
            return """
                <circle class="\(style)" cx="\(x, digits: 1)" cy="\(y, digits: 1)" r="3.6"/>
                """
        case 1: return path([(-3.4, -3.4), (3.4, -3.4), (3.4, 3.4), (-3.4, 3.4)])
        case 2: return path([(0, -4.6), (4.4, 3.4), (-4.4, 3.4)])
        default: return path([(0, -4.8), (4.8, 0), (0, 4.8), (-4.8, 0)])
        }
    }
}

/// A horizontal axis of powers of two.
private struct Doublings {
    private let low: Double
    private let high: Double
    private let start: Double
    private let end: Double

    init(_ logarithms: [Double], from start: Double, to end: Double) {
        low = floor(logarithms.min() ?? 0)
        high = max(low + 1, ceil(logarithms.max() ?? 1))
        self.start = start
        self.end = end
    }

    func position(_ logarithm: Double) -> Double {
        start + (logarithm - low) / (high - low) * (end - start)
    }

    func drawing(top: Double, bottom: Double) -> HTML {
        var content: HTML = ""
        for power in stride(from: low, through: high, by: 1) {
            let x = position(power)
            content += Plot.line(x, top, x, bottom, "fine")
            content += Plot.text(
                Format.significant(exp2(power)), x, bottom + 13, "tick", anchor: "middle")
        }
        return content
    }
}

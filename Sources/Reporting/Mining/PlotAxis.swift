import Foundation
import Statistics

/// One side of a plot: round steps that cover all values, and where a value lies among them.
struct PlotAxis: Sendable {
    let ticks: [Double]
    private let low: Double
    private let high: Double
    private let start: Double
    private let end: Double

    /// - Parameters:
    ///   - values: what must be on the axis; those that are not finite are left out.
    ///   - start: where the axis begins in the plot, in its units.
    ///   - end: where it ends; before `start` for an axis that goes up.
    init(_ values: [Double], from start: Double, to end: Double) {
        self.start = start
        self.end = end
        let known = values.filter(\.isFinite).map { min(max($0, -1e100), 1e100) }
        var low = known.min() ?? 0
        var high = known.max() ?? 1
        if high - low <= max(abs(low), abs(high)) * 1e-9 || high - low < 1e-100 {
            let margin = abs(low) < 1e-90 ? 1 : abs(low) * 0.1
            low -= margin
            high += margin
        }
        let step = Self.step((high - low) / 4)
        let first = floor(low / step)
        let last = ceil(high / step)
        ticks = (0...Int(last - first)).map { (first + Double($0)) * step }
        self.low = first * step
        self.high = last * step
    }

    /// The next larger of 1, 2, 5 and 10 times a power of ten.
    private static func step(_ rough: Double) -> Double {
        let power = pow(10, floor(log10(rough)))
        return power * ([1, 2, 5].first { $0 * power >= rough } ?? 10)
    }

    func position(_ value: Double) -> Double {
        let share = min(1, max(0, (value - low) / (high - low)))
        return start + share * (end - start)
    }
}

/// What all plots have in common. Everything in them lies at positions of 0 and above.
enum Plot {
    static let width = 360.0

    static func frame(
        height: Double, title: String, description: String, content: HTML
    ) -> HTML {
        """
        <svg class="plot" viewBox="0 0 \(width, digits: 0) \(height, digits: 0)" role="img">\
        <title>\(title)</title><desc>\(description)</desc>\(content)</svg>
        """
    }

    static func line(_ x: Double, _ y: Double, _ x2: Double, _ y2: Double, _ style: String)
        -> HTML
    {
        """
        <path class="\(style)" d="M\(x, digits: 1) \(y, digits: 1)L\(x2, digits: 1) \(y2, digits: 1)"/>
        """
    }

    static func text(
        _ text: String, _ x: Double, _ y: Double, _ style: String = "", anchor: String = "start"
    ) -> HTML {
        """
        <text class="\(style)" x="\(x, digits: 1)" y="\(y, digits: 1)" text-anchor="\(anchor)">\(text)</text>
        """
    }

    /// Figures and fine lines of a horizontal axis.
    static func across(_ axis: PlotAxis, top: Double, bottom: Double) -> HTML {
        var content: HTML = ""
        for tick in axis.ticks {
            let x = axis.position(tick)
            content += line(x, top, x, bottom, tick == 0 ? "zero" : "fine")
            content += text(
                Format.significant(tick), x, bottom + 13, "tick", anchor: "middle")
        }
        return content
    }

    /// The same of a vertical one.
    static func upward(_ axis: PlotAxis, left: Double, right: Double) -> HTML {
        var content: HTML = ""
        for tick in axis.ticks {
            let y = axis.position(tick)
            content += line(left, y, right, y, tick == 0 ? "zero" : "fine")
            content += text(Format.significant(tick), left - 5, y + 3.5, "tick", anchor: "end")
        }
        return content
    }
}

extension Estimate {
    /// What must be on an axis for it to be drawn.
    var extent: [Double] {
        [value] + (interval.map { [$0.low, $0.high] } ?? [])
    }
}

import Statistics

/// Scores of runs in which there is nothing to find, with the real score among them.
struct NullPlot {
    private let scores: [Double]
    private let real: Estimate?
    private static let binCount = 24
    private static let bottom = 150.0

    /// Scores that are not finite are left out.
    init(_ scores: [Double], real: Estimate?) {
        self.scores = scores.filter(\.isFinite)
        self.real = real.flatMap { $0.value.isFinite ? $0 : nil }
    }

    struct Bin: Hashable {
        let low: Double
        let high: Double
        var count: Int
    }

    /// Bins of one width from the lowest score to the highest; one where all are the same.
    var bins: [Bin] {
        guard let low = scores.min(), let high = scores.max() else { return [] }
        let width = (high - low) / Double(Self.binCount)
        guard width.isFinite, width > 0, low + width > low, high - width < high else {
            return [Bin(low: low, high: high, count: scores.count)]
        }
        var bins = (0..<Self.binCount).map { index in
            Bin(low: low + Double(index) * width, high: low + Double(index + 1) * width, count: 0)
        }
        for value in scores {
            bins[min(Self.binCount - 1, max(0, Int((value - low) / width)))].count += 1
        }
        return bins
    }

    func svg(description: String) -> HTML {
        let bins = bins
        let ends = bins.flatMap { bin -> [Double] in [bin.low, bin.high] }
        let axis = PlotAxis([0] + ends + (real?.extent ?? []), from: 16, to: Plot.width - 16)
        let most = max(1, bins.map(\.count).max() ?? 0)
        var content = Plot.across(axis, top: 24, bottom: Self.bottom)
        for bin in bins where bin.count > 0 {
            let height = (Self.bottom - 30) * Double(bin.count) / Double(most)
            let left = axis.position(bin.low)
            let width = max(2, axis.position(bin.high) - left - 0.5)
            content += """
                <rect class="null" x="\(left, digits: 1)" y="\(Self.bottom - height, digits: 1)" \
                width="\(width, digits: 1)" height="\(height, digits: 1)"/>
                """
        }
        if let real { content += draw(real, axis) }
        return Plot.frame(
            height: Self.bottom + 20, title: "The null's scores and the real one",
            description: description, content: content)
    }

    private func draw(_ real: Estimate, _ axis: PlotAxis) -> HTML {
        let x = axis.position(real.value)
        var content: HTML = ""
        if let bounds = real.interval {
            let left = axis.position(bounds.low)
            content += """
                <rect class="band" x="\(left, digits: 1)" y="24" \
                width="\(axis.position(bounds.high) - left, digits: 1)" height="\(Self.bottom - 24, digits: 1)"/>
                """
        }
        content += Plot.line(x, 18, x, Self.bottom, "real")
        content += Plot.text(
            "the features: \(score(real))", x, 13, "strong",
            anchor: x > Plot.width * 0.7 ? "end" : x < Plot.width * 0.3 ? "start" : "middle")
        return content
    }
}

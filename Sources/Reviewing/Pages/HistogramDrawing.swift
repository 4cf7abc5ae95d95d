import Foundation
import Inquiry
import Reporting

/// How often activations of some strength occur, as bars whose height is the logarithm of the count: the
/// strong ones, which matter, are few.
struct HistogramDrawing {
    let histogram: Evidence.Histogram
    private let height = 120
    private let width = 640

    var html: HTML {
        let counts = histogram.counts.prefix(200)
        guard let top = counts.max(), top > 0, histogram.edges.count > counts.count else {
            return "<p class=\"soft\">Nothing was counted.</p>"
        }
        let step = Double(width) / Double(counts.count)
        let scale = Double(height) / log1p(Double(top))
        let bars = counts.enumerated().map { index, count -> HTML in
            let tall = log1p(Double(max(0, count))) * scale
            let from = histogram.edges[index]
            let to = histogram.edges[index + 1]
            return """
                <rect class="bar" x="\(Double(index) * step + 1, digits: 1)" y="\(Double(height) - tall, digits: 1)" \
                width="\(max(1, step - 2), digits: 1)" height="\(tall, digits: 1)">\
                <title>\(from, digits: 2) to \(to, digits: 2): \(count)</title></rect>
                """
        }
        let last = histogram.edges[counts.count]
        return """
            <svg class="histogram" viewBox="0 -4 \(width) \(height + 24)" role="img" aria-label="\(histogram.title)">
            \(bars)<path class="axis" d="M0 \(height)H\(width)"/>
            <text x="0" y="\(height + 16)">\(histogram.edges[0], digits: 2)</text>
            <text x="\(width)" y="\(height + 16)" class="end">\(last, digits: 2)</text></svg>
            <p class="soft">\(counts.reduce(0, +)) in all, at most \(top) in a bar; heights are logarithms of counts.</p>
            """
    }
}

import Foundation
import Games

/// Boards as inline SVG.
package struct BoardDrawing {
    let rules: Othello
    private let cell = 18

    private var side: Int { rules.size * cell }

    /// A position from the mover's view: mine dark blue, theirs light, the last move ringed, flipped
    /// discs dotted.
    func position(_ moves: [Square], title: String) -> HTML? {
        guard let position = try? rules.position(after: moves) else { return nil }
        let seen = Observation(position, on: rules)
        var discs: HTML = ""
        for (index, square) in rules.squares.enumerated() {
            let (x, y) = centre(index)
            let bit: UInt64 = 1 << UInt64(square.bit)
            if seen.mine & bit != 0 {
                discs += "<circle class=\"m\" cx=\"\(x)\" cy=\"\(y)\" r=\"7\"/>"
            } else if seen.theirs & bit != 0 {
                discs += "<circle class=\"t\" cx=\"\(x)\" cy=\"\(y)\" r=\"7\"/>"
            }
            if seen.justPlayed & bit != 0 {
                discs += "<circle class=\"l\" cx=\"\(x)\" cy=\"\(y)\" r=\"8\"/>"
            } else if seen.justFlipped & bit != 0 {
                discs += "<circle class=\"f\" cx=\"\(x)\" cy=\"\(y)\" r=\"2\"/>"
            }
        }
        return frame(discs, title: title)
    }

    /// One value a square; red above 0, blue below, as strong as the largest of `scale`.
    func heat(_ values: [Double], scale: Double, title: String) -> HTML {
        var cells: HTML = ""
        for (index, value) in values.prefix(rules.squares.count).enumerated() where scale > 0 {
            let strength = min(1, abs(value) / scale)
            let x = index % rules.size * cell
            let y = index / rules.size * cell
            let name = rules.name(of: rules.squares[index])
            cells += """
                <rect x="\(x)" y="\(y)" width="\(cell)" height="\(cell)" class="\(value < 0 ? "c" : "h")" \
                fill-opacity="\(strength, digits: 2)"><title>\(name) \(value, digits: 2)</title></rect>
                """
        }
        return frame(cells, title: title)
    }

    private func centre(_ index: Int) -> (Int, Int) {
        (index % rules.size * cell + cell / 2, index / rules.size * cell + cell / 2)
    }

    /// Letters over the columns and numbers beside the rows.
    private var names: HTML {
        var names: HTML = ""
        for index in 0..<rules.size {
            let at = index * cell + cell / 2
            let square = rules.name(of: rules.squares[index * rules.size + index])
            names += "<text x=\"\(at)\" y=\"-3\">\(square.prefix(1))</text>"
            names += "<text x=\"-6\" y=\"\(at + 3)\">\(square.dropFirst())</text>"
        }
        return "<g class=\"names\">\(names)</g>"
    }

    private func frame(_ content: HTML, title: String) -> HTML {
        var lines: HTML = ""
        for i in 0...rules.size {
            let at = i * cell
            lines += "<path d=\"M0 \(at)H\(side)M\(at) 0V\(side)\"/>"
        }
        let margin = 11
        let whole = side + margin + 1
        return """
            <svg class="board" viewBox="-\(margin) -\(margin) \(whole) \(whole)" width="\(whole)" \
            height="\(whole)" role="img"><title>\(title)</title><rect class="felt" width="\(side)" \
            height="\(side)"/>\(names)<g class="grid">\(lines)</g>\(content)</svg>
            """
    }
}

import Foundation
import Games
import Inquiry

/// Positions as text, as many beside one another as fit.
enum BoardText {
    private static let gap = 4

    static func add(_ exemplars: [Exemplar], on rules: Othello, to text: inout StyledText) {
        let boards = exemplars.map { board($0, on: rules) }
        let width = 3 * rules.size + 2
        let abreast = max(1, (text.width + gap) / (width + gap))
        for start in stride(from: 0, to: boards.count, by: abreast) {
            let some = boards[start..<min(boards.count, start + abreast)]
            let height = some.map(\.count).max() ?? 0
            for row in 0..<height {
                let line = some.map { board in
                    (row < board.count ? board[row] : []).fitted(to: width)
                }
                text.add(
                    Array(line.joined(separator: Array(repeating: Glyph(" "), count: gap))))
            }
            for exemplar in exemplars[start..<min(boards.count, start + abreast)] {
                text.add(SafeText.line(exemplar.input).styled(.faint), indent: 2)
            }
            text.blank()
        }
    }

    /// The activation, the columns' letters, and a line for each row; where the input is no game, only the
    /// activation.
    private static func board(_ exemplar: Exemplar, on rules: Othello) -> [[Glyph]] {
        var lines = [SafeText.line(String(format: "%.3f", exemplar.activation)).styled(.bold)]
        guard let moves = try? rules.moves(fromTranscript: exemplar.input),
            let position = try? rules.position(after: moves)
        else { return lines }
        let seen = Observation(position, on: rules)
        let letters = (0..<rules.size).map { " \(rules.name(of: rules.squares[$0]).prefix(1)) " }
        lines.append(SafeText.line("  " + letters.joined()).styled(.faint))
        for row in 0..<rules.size {
            let squares = rules.squares[row * rules.size..<(row + 1) * rules.size]
            let number = squares.first.map { String(rules.name(of: $0).dropFirst()) } ?? ""
            let cells = squares.map { square -> String in
                let bit: UInt64 = 1 << UInt64(square.bit)
                let disc = seen.mine & bit != 0 ? "X" : seen.theirs & bit != 0 ? "o" : "."
                if seen.justPlayed & bit != 0 { return "[\(disc)]" }
                return seen.justFlipped & bit != 0 ? "(\(disc))" : " \(disc) "
            }
            lines.append(SafeText.line(number).fitted(to: 2) + SafeText.line(cells.joined()))
        }
        return lines
    }
}

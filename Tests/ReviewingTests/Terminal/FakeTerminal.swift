@testable import Reviewing

/// A terminal that understands what ``Painter`` writes and complains about anything else.
struct FakeTerminal {
    let columns: Int
    let rows: Int
    /// Row-major; "" for the second half of a wide glyph.
    private(set) var cells: [String]
    private(set) var styles: [String]
    private(set) var isCursorShown = true
    private(set) var row = 0
    private(set) var column = 0
    private(set) var complaints: [String] = []
    private var style = "0"

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: " ", count: columns * rows)
        styles = Array(repeating: "0", count: columns * rows)
    }

    func text(row: Int) -> String { cells[row * columns..<(row + 1) * columns].joined() }

    mutating func write(_ text: String) {
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "\u{1B}" else {
                put(character)
                continue
            }
            guard rest.popFirst() == "[" else {
                complaints.append("a bare escape")
                continue
            }
            let parameters = rest.prefix { !$0.isLetter }
            rest = rest.dropFirst(parameters.count)
            control(String(parameters), rest.popFirst() ?? " ")
        }
    }

    private mutating func put(_ character: Character) {
        if character.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            complaints.append("control character \(character.unicodeScalars.map(\.value))")
            return
        }
        let width = max(1, CellWidth.of(character))
        guard row < rows, column + width <= columns else {
            complaints.append("\(character) over the edge")
            return
        }
        let place = row * columns + column
        cells[place] = String(character)
        for offset in 1..<max(1, width) { cells[place + offset] = "" }
        for offset in 0..<width { styles[place + offset] = style }
        column += width
    }

    private mutating func control(_ parameters: String, _ end: Character) {
        switch (parameters, end) {
        case ("?25l", _), ("?25", "l"): isCursorShown = false
        case ("?25", "h"): isCursorShown = true
        case ("2", "J"): cells = Array(repeating: " ", count: columns * rows)
        case (_, "m"): style = parameters
        case (_, "H"):
            let numbers = parameters.split(separator: ";").compactMap { Int($0) }
            (row, column) = (numbers[0] - 1, numbers[1] - 1)
        default: complaints.append("ESC [ \(parameters) \(end)")
        }
    }
}

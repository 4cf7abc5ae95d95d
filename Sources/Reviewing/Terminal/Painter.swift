/// Turns one screen into the next with as few bytes as is simple: unchanged cells are passed over.
enum Painter {
    /// The control sequences and text that make a terminal which shows `old` show `new`.
    ///
    /// - Parameter old: nil, or of another size, when it is not known what the terminal shows.
    static func paint(_ new: Screen, over old: Screen?, hasColours: Bool) -> String {
        var output = "\u{1B}[?25l"
        var known = old
        if old?.columns != new.columns || old?.rows != new.rows {
            output += "\u{1B}[0m\u{1B}[2J"
            known = Screen(columns: new.columns, rows: new.rows)
        }
        var pen = Pen(hasColours: hasColours)
        for row in 0..<new.rows {
            for column in 0..<new.columns where new[row, column].span > 0 {
                let cell = new[row, column]
                if cell != known?[row, column] { pen.draw(cell, row, column) }
            }
        }
        output += pen.output + "\u{1B}[0m"
        if let cursor = new.cursor {
            output += "\u{1B}[\(cursor.row + 1);\(cursor.column + 1)H\u{1B}[?25h"
        }
        return output
    }

    /// Where the terminal's cursor is known to be and how it writes.
    private struct Pen {
        let hasColours: Bool
        var output = ""
        private var place: Screen.Place?
        private var style: Style?

        init(hasColours: Bool) { self.hasColours = hasColours }

        mutating func draw(_ cell: Screen.Cell, _ row: Int, _ column: Int) {
            let here = Screen.Place(row: row, column: column)
            if place != here { move(here) }
            if style != cell.style { output += cell.style.sequence(hasColours: hasColours) }
            style = cell.style
            if cell.span > 1 {
                // A terminal that holds the glyph for narrower must not leave old cells behind it.
                output += String(repeating: " ", count: cell.span)
                move(here)
            }
            output += cell.text
            let isASCII = cell.text.utf8.count == 1
            place = isASCII ? Screen.Place(row: row, column: column + 1) : nil
        }

        private mutating func move(_ place: Screen.Place) {
            output += "\u{1B}[\(place.row + 1);\(place.column + 1)H"
        }
    }
}

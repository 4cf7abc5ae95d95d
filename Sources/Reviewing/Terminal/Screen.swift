/// What a terminal is to show: rows of cells, and where the cursor stands if it is shown.
struct Screen: Hashable, Sendable {
    struct Cell: Hashable, Sendable {
        var text = " "
        var style = Style.plain
        /// The columns that the glyph takes; 0 for those that the one before reaches into.
        var span = 1
    }

    struct Place: Hashable, Sendable {
        var row: Int
        var column: Int
    }

    let columns: Int
    let rows: Int
    /// Row-major, `rows` × `columns`.
    private(set) var cells: [Cell]
    var cursor: Place?

    /// An empty screen.
    ///
    /// - Precondition: both counts are at least 1.
    init(columns: Int, rows: Int) {
        precondition(columns >= 1 && rows >= 1, "Screen: \(columns) × \(rows) cells")
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Cell(), count: columns * rows)
    }

    subscript(row: Int, column: Int) -> Cell { cells[row * columns + column] }

    /// The text of a row, for tests and copies.
    func text(row: Int) -> String {
        cells[row * columns..<(row + 1) * columns].filter { $0.span > 0 }.map(\.text).joined()
    }

    /// Writes glyphs from a place on, as far as they fit into `width` columns.
    ///
    /// Rows outside the screen are left out; nothing wraps.
    /// - Returns: the column after the last glyph.
    @discardableResult
    mutating func put(
        _ glyphs: some Sequence<Glyph>, row: Int, column: Int, style: Style = .plain,
        width: Int = .max
    ) -> Int {
        guard (0..<rows).contains(row), column >= 0 else { return column }
        let end = min(columns, width < columns - column ? column + width : columns)
        var place = column
        for glyph in glyphs {
            guard place + glyph.width <= end else { break }
            let look = glyph.style ?? style
            set(glyph, row, place, glyph.isStandIn ? look.flipped : look)
            place += glyph.width
        }
        return place
    }

    /// Writes the program's own text, which has no control characters.
    @discardableResult
    mutating func put(
        _ text: String, row: Int, column: Int, style: Style = .plain, width: Int = .max
    ) -> Int {
        put(text.map { Glyph($0) }, row: row, column: column, style: style, width: width)
    }

    /// Gives a row a look from one column to another.
    mutating func fill(row: Int, from: Int = 0, to: Int = .max, style: Style) {
        guard (0..<rows).contains(row) else { return }
        for column in max(0, from)..<max(max(0, from), min(to, columns)) {
            set(Glyph(" "), row, column, style)
        }
    }

    private mutating func set(_ glyph: Glyph, _ row: Int, _ column: Int, _ style: Style) {
        for place in column..<column + glyph.width { clear(row, place) }
        let start = row * columns + column
        cells[start] = Cell(text: glyph.text, style: style, span: glyph.width)
        for offset in 1..<max(1, glyph.width) {
            cells[start + offset] = Cell(text: "", style: style, span: 0)
        }
    }

    /// Blanks a cell and the rest of the glyph that reaches into it.
    private mutating func clear(_ row: Int, _ column: Int) {
        var start = row * columns + column
        while cells[start].span == 0 { start -= 1 }
        for place in start..<start + cells[start].span {
            cells[place] = Cell(text: " ", style: cells[place].style, span: 1)
        }
    }
}

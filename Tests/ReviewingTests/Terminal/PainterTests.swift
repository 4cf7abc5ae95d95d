import LinearAlgebra
import Testing

@testable import Reviewing

@Suite struct PainterTests {
    private static let glyphs = ["a", "b", " ", "é", "漢", "👩‍🚀", "e\u{0301}", "한", "ß", "🇨🇭"]
        .map { Glyph(Character($0)) }
    private static let styles: [Style] = [
        .plain, .bold, .reversed, .coloured(.red), .coloured(.cyan, isBold: true),
    ]

    private static func scribble(on screen: inout Screen, _ generator: inout SeededGenerator) {
        for _ in 0..<generator.below(12) {
            let text = (0..<generator.below(9)).map { _ in glyphs[generator.below(glyphs.count)] }
            screen.put(
                text, row: generator.below(screen.rows), column: generator.below(screen.columns),
                style: styles[generator.below(styles.count)])
        }
        screen.cursor =
            generator.below(2) == 0
            ? nil : Screen.Place(row: generator.below(screen.rows), column: 0)
    }

    private static func shows(_ terminal: FakeTerminal, _ screen: Screen) -> Bool {
        (0..<screen.rows).allSatisfy { row in
            (0..<screen.columns).allSatisfy { column in
                let place = row * screen.columns + column
                let sequence = screen[row, column].style.sequence(hasColours: true)
                return terminal.cells[place] == screen[row, column].text
                    && "\u{1B}[\(terminal.styles[place])m" == sequence
            }
        }
    }

    /// Whatever was shown before, the terminal ends up showing the new screen.
    @Test(arguments: UInt64(0)..<200) func terminalShowsTheScreen(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let (columns, rows) = (1 + generator.below(30), 1 + generator.below(6))
        var terminal = FakeTerminal(columns: columns, rows: rows)
        var screen = Screen(columns: columns, rows: rows)
        var old: Screen?
        for _ in 0..<6 {
            Self.scribble(on: &screen, &generator)
            terminal.write(Painter.paint(screen, over: old, hasColours: true))
            #expect(Self.shows(terminal, screen))
            #expect(terminal.isCursorShown == (screen.cursor != nil))
            if let cursor = screen.cursor {
                #expect(terminal.row == cursor.row && terminal.column == cursor.column)
            }
            old = screen
        }
        #expect(terminal.complaints == [])
    }

    @Test func unchangedCellsAreNotWritten() {
        var screen = Screen(columns: 200, rows: 50)
        for row in 0..<50 { screen.put(String(repeating: "x", count: 200), row: row, column: 0) }
        var next = screen
        next.put("y", row: 20, column: 100)
        let output = Painter.paint(next, over: screen, hasColours: true)
        #expect(output == "\u{1B}[?25l\u{1B}[21;101H\u{1B}[0my\u{1B}[0m")
    }

    @Test func coloursAreLeftOut_whenNoneAreWanted() {
        var screen = Screen(columns: 5, rows: 1)
        screen.put("no", row: 0, column: 0, style: .coloured(.red, isBold: true))
        let output = Painter.paint(screen, over: nil, hasColours: false)
        #expect(output.contains("\u{1B}[0;1mno"))
        #expect(!output.contains("31"))
    }

    @Test func wideGlyphsAreNotCutInHalf() {
        var screen = Screen(columns: 6, rows: 1)
        screen.put("漢漢漢", row: 0, column: 0)
        screen.put("ab", row: 0, column: 1)
        #expect(screen.text(row: 0) == " ab 漢")
        screen.put("漢", row: 0, column: 5)
        #expect(screen.text(row: 0) == " ab 漢")
        #expect(screen.put("漢字", row: 0, column: 0, width: 3) == 2)
    }
}

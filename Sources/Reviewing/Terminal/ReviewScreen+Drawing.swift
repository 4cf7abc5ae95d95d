import Foundation

extension ReviewScreen {
    /// The screen to be painted.
    func drawn(now: Date) -> Screen {
        var screen = Screen(columns: max(1, columns), rows: max(1, rows))
        screen.fill(row: 0, style: .reversed)
        screen.put(
            Wrapping.cut(SafeText.line(heading), width: columns), row: 0, column: 0,
            style: .reversed)
        switch view {
        case .list: drawList(on: &screen, now: now)
        case .item: drawItem(on: &screen)
        case .help: drawHelp(on: &screen)
        }
        let last = screen.rows - 1
        if let notice, last > 1 {
            let text = (notice.isProblem ? "! " : "") + notice.text
            screen.put(
                Wrapping.cut(SafeText.line(text), width: columns), row: last - 1, column: 0,
                style: notice.isProblem ? .coloured(.red, isBold: true) : .bold)
        }
        if last > 0 {
            screen.put(
                Wrapping.cut(SafeText.line(keys), width: columns), row: last, column: 0,
                style: .faint)
        }
        if let prompt { draw(prompt, on: &screen) }
        return screen
    }

    private var heading: String {
        if view == .item, let opened {
            let line = opened.sheet.line
            let rating = opened.rating.map { " · rating \($0)" } ?? ""
            return " \(selection + 1)/\(page.total) \(line.kind.rawValue) \(line.id) · "
                + "\(line.state.rawValue)\(rating) · \(line.run) · \(line.inquiry) · \(rater) "
        }
        var parts = [" review · \(rater)", "\(filter.part.rawValue): \(page.total)"]
        if let kind = filter.kind { parts.append(kind.rawValue) }
        if let run = filter.run { parts.append(run) }
        if let text = filter.text { parts.append("\"\(text)\"") }
        return parts.joined(separator: " · ")
    }

    private var keys: String {
        if let prompt {
            return prompt.hasLines
                ? "control-S send   Enter new line   Escape leave"
                : "Enter send   control-J new line   Escape leave"
        }
        switch view {
        case .list:
            return "j k move  Enter open  / filter  Tab part  t kind  u undo  ? help  q quit"
        case .item:
            return "a approve  e edit  r reject  d defer  x escalate  1-5 rating  u undo  "
                + "j k next  q back  ? help"
        case .help: return "any key goes back"
        }
    }

    // MARK: The list

    private func drawList(on screen: inout Screen, now: Date) {
        guard page.total > 0 else {
            let text =
                filter.text == nil && filter.kind == nil
                ? "Nothing is \(filter.part == .open ? "left to decide" : "here")."
                : "Nothing fits the filter."
            screen.put(text, row: min(2, rows - 1), column: 2)
            return
        }
        let top = max(0, min(selection - bodyRows / 2, page.total - bodyRows))
        for row in 0..<bodyRows {
            let place = top + row - page.offset
            guard page.lines.indices.contains(place) else { continue }
            let isSelected = top + row == selection
            if isSelected { screen.fill(row: row + 1, style: .reversed) }
            screen.put(
                cells(page.lines[place], isSelected: isSelected, now), row: row + 1, column: 0,
                style: isSelected ? .reversed : .plain)
        }
    }

    private func cells(_ line: ReviewLine, isSelected: Bool, _ now: Date) -> [Glyph] {
        let state = line.decision.map { "you: \($0.rawValue)" } ?? line.state.rawValue
        var cells = SafeText.line(isSelected ? "> " : "  ") + SafeText.line(state).fitted(to: 13)
        if columns >= 60 { cells += SafeText.line(line.kind.rawValue).fitted(to: 12) }
        if columns >= 90 { cells += SafeText.line(line.inquiry).fitted(to: 18) + [Glyph(" ")] }
        var end: [Glyph] = []
        if let expiresAt = line.expiresAt, line.state.isOpen, columns >= 60 {
            let hours = (Double(expiresAt) / 1_000 - now.timeIntervalSince1970) / 3_600
            end = SafeText.line(String(format: " %.0f h left", max(0, hours)))
        }
        let room = max(0, columns - cells.columnCount - end.columnCount)
        return cells + SafeText.line(line.claim).fitted(to: room) + end
    }

    // MARK: An item

    private func drawItem(on screen: inout Screen) {
        guard let opened else { return }
        let lines = opened.lines.dropFirst(opened.top).prefix(bodyRows)
        for (row, line) in lines.enumerated() { screen.put(line, row: row + 1, column: 1) }
        let below = opened.lines.count - opened.top - bodyRows
        if below > 0, notice == nil, rows > 2 {
            screen.put(
                "Space: \(SheetText.count(below, "more line"))", row: rows - 2, column: 0,
                style: .faint)
        }
    }

    // MARK: Help and prompts

    private static let help = [
        "In the list", "  j k, arrows    move            Enter   open an item",
        "  Tab            open, mine, settled, all",
        "  t              one kind of items after another",
        "  /              only items with these words in claim, inquiry or run",
        "  q              quit", "",
        "On an item", "  a approve   e edit   r reject   d defer   x escalate to somebody else",
        "  1-5            rate how well the claim fits the evidence; 0 takes the rating away",
        "  u              undo what you did last, as long as no run went on with it",
        "  Space, arrows  read on          j k     next item, item before",
        "  Enter          show it as it is now     q, Escape   back to the list", "",
        "Author, verdict, figures and the votes of others stay hidden until you have decided.",
        "A character shown as <U+202E> in reverse is invisible or controls the terminal.",
    ]

    private func drawHelp(on screen: inout Screen) {
        for (row, line) in Self.help.enumerated() {
            screen.put(
                line, row: row + 2, column: 2,
                style: line.hasPrefix(" ") || line.contains(".") ? .plain : .bold)
        }
    }

    private func draw(_ prompt: Prompt, on screen: inout Screen) {
        let top = max(1, rows - 1 - promptRows)
        for row in top..<max(top, rows - 1) { screen.fill(row: row, style: .plain) }
        screen.fill(row: top, style: .reversed)
        screen.put(title(prompt.purpose), row: top, column: 1, style: .reversed)
        let height = max(1, rows - 2 - top)
        let (lines, row, column) = prompt.editor.laidOut(width: max(1, columns - 2))
        let first = max(0, row - height + 1)
        for (place, line) in lines.dropFirst(first).prefix(height).enumerated() {
            screen.put(line, row: top + 1 + place, column: 1)
        }
        screen.cursor = Screen.Place(
            row: min(rows - 1, top + 1 + row - first), column: min(columns - 1, column + 1))
    }

    private func title(_ purpose: Prompt.Purpose) -> String {
        switch purpose {
        case .filter: "show only items with"
        case .reason: "why is it rejected?"
        case .edit(let name): "edit the " + SafeText.plain(name, limit: 40)
        }
    }
}

extension LineEditor {
    /// The text cut to a width, and where the cursor is in it.
    func laidOut(width: Int) -> (lines: [[Glyph]], row: Int, column: Int) {
        let beginning = Self.cut(SafeText.lines(before, limit: .max), width)
        let place = beginning.last?.columnCount ?? 0
        let lines = Self.cut(SafeText.lines(text, limit: .max), width)
        // A cursor behind the last column stands at the beginning of the next line.
        let isFull = place >= width
        let row = beginning.count - (isFull ? 0 : 1)
        return (isFull && row >= lines.count ? lines + [[]] : lines, row, isFull ? 0 : place)
    }

    /// Lines cut wherever they are full, unlike ``Wrapping``, so that the cursor stays where it is.
    private static func cut(_ lines: [[Glyph]], _ width: Int) -> [[Glyph]] {
        lines.flatMap { line in
            var rows: [[Glyph]] = [[]]
            var used = 0
            for glyph in line {
                if used + glyph.width > width, used > 0 {
                    rows.append([])
                    used = 0
                }
                rows[rows.count - 1].append(glyph)
                used += glyph.width
            }
            return rows
        }
    }
}

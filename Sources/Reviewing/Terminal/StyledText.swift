/// Lines of glyphs that are built bit by bit and cut to a width.
struct StyledText: Hashable, Sendable {
    private(set) var lines: [[Glyph]] = []
    /// The columns there are, at least 1.
    let width: Int

    init(width: Int) { self.width = max(1, width) }

    /// A text that others wrote, wrapped; every line indented.
    mutating func add(_ text: String, style: Style? = nil, indent: Int = 0) {
        for line in SafeText.lines(text) { add(line.styled(style), indent: indent) }
    }

    /// Glyphs that are one line, wrapped; the lines after the first are indented by `hanging` more.
    mutating func add(_ line: [Glyph], indent: Int = 0, hanging: Int = 0) {
        let indent = min(indent, width / 2)
        let hanging = min(hanging, width / 4)
        let room = max(1, width - indent - hanging)
        for (place, part) in Wrapping.wrap(line, width: room).enumerated() {
            let margin = indent + (place > 0 ? hanging : 0)
            lines.append(Array(repeating: Glyph(" "), count: margin) + part)
        }
    }

    /// A name and a value that others wrote, the values below one another.
    mutating func add(name: String, value: String, nameWidth: Int) {
        let name = Wrapping.cut(SafeText.line(name), width: nameWidth).styled(.faint)
        let gap = max(1, nameWidth + 2 - name.columnCount)
        for (place, line) in SafeText.lines(value).enumerated() {
            let start = place == 0 ? name + blanks(gap) : blanks(nameWidth + 2)
            add(start + line, hanging: nameWidth + 2)
        }
    }

    mutating func heading(_ text: String) {
        if lines.last?.isEmpty == false { blank() }
        add(SafeText.line(text).styled(.bold))
    }

    mutating func blank() { lines.append([]) }

    private func blanks(_ count: Int) -> [Glyph] { Array(repeating: Glyph(" "), count: count) }
}

extension [Glyph] {
    /// The columns that they take.
    var columnCount: Int { reduce(0) { $0 + $1.width } }

    func styled(_ style: Style?) -> [Glyph] {
        guard let style else { return self }
        return map { glyph in
            var glyph = glyph
            glyph.style = style
            return glyph
        }
    }

    /// Cut or filled with spaces to so many columns.
    func fitted(to width: Int) -> [Glyph] {
        let kept = Wrapping.cut(self, width: width)
        return kept + Array(repeating: Glyph(" "), count: Swift.max(0, width - kept.columnCount))
    }
}

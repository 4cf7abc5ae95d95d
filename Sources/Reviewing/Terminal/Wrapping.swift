/// Lines of glyphs cut to a width.
enum Wrapping {
    /// Breaks between words where it can; a word that is too long is cut. Spaces at a break go.
    ///
    /// - Precondition: `width` is at least 1. A glyph that is wider gets a line of its own.
    static func wrap(_ line: [Glyph], width: Int) -> [[Glyph]] {
        precondition(width >= 1, "Wrapping: the width must be at least 1, found \(width)")
        var lines: [[Glyph]] = []
        var rest = line[...]
        while let end = firstBreak(rest, width) {
            let kept = rest[..<end]
            lines.append(Array(kept.reversed().drop { $0.text == " " }.reversed()))
            rest = rest[end...].drop { $0.text == " " }
            if rest.isEmpty { return lines }
        }
        return lines + [Array(rest)]
    }

    static func wrap(_ lines: [[Glyph]], width: Int) -> [[Glyph]] {
        lines.flatMap { wrap($0, width: width) }
    }

    /// A line that ends with a sign where it was cut.
    static func cut(_ line: [Glyph], width: Int) -> [Glyph] {
        guard line.reduce(0, { $0 + $1.width }) > width else { return line }
        guard width > 0 else { return [] }
        var used = 0
        let kept = line.prefix { glyph in
            used += glyph.width
            return used <= width - 1
        }
        return kept + [Glyph("…")]
    }

    /// Where the next line begins; nil when all fits.
    private static func firstBreak(_ line: ArraySlice<Glyph>, _ width: Int) -> Int? {
        var used = 0
        var space: Int?
        for index in line.indices {
            used += line[index].width
            if used > width {
                if line[index].text == " " { return index }
                return space ?? max(index, line.startIndex + 1)
            }
            if line[index].text == " " { space = index + 1 }
        }
        return nil
    }
}

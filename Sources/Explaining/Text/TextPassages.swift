import Texts

/// Documents cut into passages: what a text study measures and shows.
enum TextPassages {
    /// The pieces of a document, in order, each as it is written there but for blanks at its ends.
    ///
    /// A piece ends after a sentence or a line, as late as it can without passing `limit` units; a
    /// sentence that is longer by itself is cut where the limit falls.
    static func cut(_ document: String, limit: Int) -> [String] {
        precondition(limit > 0, "passages of \(limit) units")
        let units = TextUnits(document).units
        var passages: [String] = []
        var first = 0
        while first < units.count {
            let last = min(first + limit, units.count)
            let end = last == units.count ? last : boundary(units, first..<last) ?? last
            passages.append(slice(document, units[first].bytes.lowerBound, units[end - 1].bytes))
            first = end
        }
        return passages
    }

    /// The place after the last sentence or line that ends among some units.
    private static func boundary(_ units: [TextUnits.Unit], _ range: Range<Int>) -> Int? {
        range.reversed().first { isEnd(units, $0) }.map { $0 + 1 }
    }

    /// Whether a unit ends a sentence or a line: closing marks belong to what they close, and so does
    /// the point after a title or an initial.
    private static func isEnd(_ units: [TextUnits.Unit], _ place: Int) -> Bool {
        let unit = units[place]
        if unit.kind == .newline { return true }
        let next = place + 1 < units.count ? units[place + 1] : nil
        guard next.map({ $0.hasSpaceBefore || $0.kind == .newline }) ?? true else { return false }
        if isStop(unit) {
            return !(unit.text == "." && place > 0 && isAbbreviation(units[place - 1]))
        }
        return isClosing(unit) && !unit.hasSpaceBefore && place > 0 && isStop(units[place - 1])
    }

    /// A title or an initial, as "Mr" or "J": up to two letters, the first a capital.
    private static func isAbbreviation(_ unit: TextUnits.Unit) -> Bool {
        unit.text.count <= 2 && unit.text.first?.isUppercase == true
    }

    private static func isStop(_ unit: TextUnits.Unit) -> Bool {
        unit.kind == .punctuation && unit.text.allSatisfy { ".!?…。".contains($0) }
    }

    private static func isClosing(_ unit: TextUnits.Unit) -> Bool {
        ["\"", "”", "'", "’", ")", "]", "»"].contains(unit.text)
    }

    private static func slice(_ text: String, _ start: Int, _ last: Range<Int>) -> String {
        let bytes = text.utf8
        let low = bytes.index(bytes.startIndex, offsetBy: start)
        let high = bytes.index(bytes.startIndex, offsetBy: last.upperBound)
        return String(text[low..<high])
    }
}

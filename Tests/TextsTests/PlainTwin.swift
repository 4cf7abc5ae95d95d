import Texts

/// Properties worked out the slow way, from the text alone.
struct PlainTwin {
    let text: TextUnits
    private var units: [TextUnits.Unit] { text.units }

    init(_ text: TextUnits) { self.text = text }

    func holds(_ property: TextProperty, _ place: Int) -> Bool {
        let unit = units[place]
        let word = unit.kind == .word || unit.kind == .number
        let before = Array(units[..<place])
        let after = Array(units[(place + 1)...])
        switch property {
        case .word(let set): return word && isIn(set, unit)
        case .exact(let written): return unit.text == written
        case .mark(let set): return !word && isIn(set, unit)
        case .kind(let kind): return unit.kind == kind
        case .prefix(let affix):
            return word && unit.folded.count > affix.count
                && String(unit.folded.prefix(affix.count)) == affix
        case .suffix(let affix):
            return word && unit.folded.count > affix.count
                && String(unit.folded.suffix(affix.count)) == affix
        case .capitalised: return word && unit.text.first!.isUppercase
        case .allCaps:
            return word && unit.text.contains { $0.isUppercase }
                && !unit.text.contains { $0.isLowercase }
        case .containsDigit: return word && unit.text.contains { $0.isNumber }
        case .lengthAtLeast(let count): return unit.text.count >= count
        case .lengthAtMost(let count): return unit.text.count <= count
        case .indexBelow(let bound): return before.count < bound
        case .last: return after.isEmpty
        case .sentenceStart: return word && startsSentence(before)
        case .lineStart: return unit.kind != .newline && before.last?.kind ?? .newline == .newline
        case .insideQuotes: return isQuoted(before, unit)
        case .previous(let set): return before.last.map { isIn(set, $0) } ?? false
        case .next(let set): return after.first.map { isIn(set, $0) } ?? false
        case .previousPair(let first, let second):
            return before.suffix(2).map(\.folded) == [first, second]
        case .left(let set, let window): return before.suffix(window).contains { isIn(set, $0) }
        case .right(let set, let window): return after.prefix(window).contains { isIn(set, $0) }
        case .contains(let set): return units.contains { isIn(set, $0) }
        }
    }

    private func isIn(_ set: WordSet, _ unit: TextUnits.Unit) -> Bool {
        switch set {
        case .words(let words): words.contains(unit.folded)
        case .named(let name): unit.kind == .word && name.words.contains(unit.folded)
        }
    }

    private func startsSentence(_ before: [TextUnits.Unit]) -> Bool {
        for unit in before.reversed() {
            if unit.kind == .newline { return true }
            if unit.kind == .word || unit.kind == .number || unit.kind == .symbol { return false }
            if [".", "...", "!", "?"].contains(unit.text) { return true }
            if unit.text != "\"" { return false }
        }
        return true
    }

    private func isQuoted(_ before: [TextUnits.Unit], _ unit: TextUnits.Unit) -> Bool {
        let start = (before.lastIndex { $0.kind == .newline } ?? -1) + 1
        let open = before[start...].count { $0.text == "\"" } % 2 == 1
        return open && unit.text != "\"" && unit.kind != .newline
    }
}

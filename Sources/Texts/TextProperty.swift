/// One atomic statement about a unit in its text.
///
/// Words are compared in lower case (``TextUnits/Unit/folded``) unless the property says otherwise.
/// Its canonical text is ``formula``, read back as part of a rule by ``TextRule/parse(_:)``.
public enum TextProperty: Hashable, Sendable {
    /// A word or number from the set.
    case word(WordSet)
    /// Written exactly so, letter case included.
    case exact(String)
    /// A mark, symbol or line break from the set.
    case mark(WordSet)
    case kind(TextUnits.Unit.Kind)
    /// A word that starts so and goes on.
    case prefix(String)
    /// A word that ends so and has more before it.
    case suffix(String)
    /// Starts with an upper-case letter.
    case capitalised
    /// Has upper-case letters and no lower-case ones.
    case allCaps
    case containsDigit
    /// Characters in the unit.
    case lengthAtLeast(Int)
    case lengthAtMost(Int)
    /// Among the first so many units of the text; 1 is the first unit.
    case indexBelow(Int)
    /// The text's last unit.
    case last
    case sentenceStart
    case lineStart
    case insideQuotes
    /// The unit right before is from the set.
    case previous(WordSet)
    /// The unit right after is from the set.
    case next(WordSet)
    /// The two units right before, in order.
    case previousPair(String, String)
    /// One of so many units before is from the set.
    case left(WordSet, within: Int)
    /// One of so many units after is from the set.
    case right(WordSet, within: Int)
    /// Any unit of the text is from the set.
    case contains(WordSet)

    /// The longest string in a property, in UTF-8 bytes.
    public static let textByteLimit = 128
    public static let windowLimit = 1...64
    public static let lengthLimit = 1...256
    public static let indexLimit = 1...TextUnits.unitLimit

    /// Whether the property holds at a unit.
    ///
    /// - Precondition: `index` is one of `text.units`.
    /// - Complexity: O(1), for windows O(window), for `contains` O(units), times the words listed.
    public func holds(at index: Int, in text: TextUnits) -> Bool {
        let unit = text.units[index]
        let facts = text.facts[index]
        switch self {
        case .word(let set): return unit.isWordlike && set.contains(index, of: text)
        case .exact(let written): return unit.text == written
        case .mark(let set): return !unit.isWordlike && set.contains(index, of: text)
        case .kind(let kind): return unit.kind == kind
        case .prefix(let affix):
            return unit.isWordlike && unit.folded.hasPrefix(affix) && unit.folded != affix
        case .suffix(let affix):
            return unit.isWordlike && unit.folded.hasSuffix(affix) && unit.folded != affix
        case .capitalised: return facts.flags.contains(.capitalised)
        case .allCaps: return facts.flags.contains(.allCaps)
        case .containsDigit: return facts.flags.contains(.containsDigit)
        case .lengthAtLeast(let count): return facts.length >= count
        case .lengthAtMost(let count): return facts.length <= count
        case .indexBelow(let bound): return index < bound
        case .last: return index == text.units.count - 1
        case .sentenceStart: return facts.flags.contains(.sentenceStart)
        case .lineStart: return facts.flags.contains(.lineStart)
        case .insideQuotes: return facts.flags.contains(.insideQuotes)
        default: return holdsAround(index, in: text)
        }
    }

    private func holdsAround(_ index: Int, in text: TextUnits) -> Bool {
        let count = text.units.count
        switch self {
        case .previous(let set): return index > 0 && set.contains(index - 1, of: text)
        case .next(let set): return index + 1 < count && set.contains(index + 1, of: text)
        case .previousPair(let first, let second):
            return index > 1 && text.units[index - 2].folded == first
                && text.units[index - 1].folded == second
        case .left(let set, let window):
            return (max(0, index - window)..<index).contains { set.contains($0, of: text) }
        case .right(let set, let window):
            return (index + 1..<max(index + 1, min(count, index + 1 + window)))
                .contains { set.contains($0, of: text) }
        case .contains(let set): return text.units.indices.contains { set.contains($0, of: text) }
        default: preconditionFailure("holdsAround: \(formula) asks nothing of its neighbours")
        }
    }

    /// Whether the lower-case text of the unit decides it.
    var isAboutUnitAlone: Bool {
        switch self {
        case .word, .mark, .kind, .prefix, .suffix, .containsDigit, .lengthAtLeast, .lengthAtMost:
            true
        default: false
        }
    }

    /// Whether it holds at every unit of a text or at none.
    var isAboutText: Bool {
        if case .contains = self { true } else { false }
    }

    /// The set that the property asks for, if any.
    var set: WordSet? {
        switch self {
        case .word(let set), .mark(let set), .previous(let set), .next(let set),
            .left(let set, _), .right(let set, _), .contains(let set):
            set
        default: nil
        }
    }

    /// The same property asking for another set; itself when it asks for none.
    func with(_ set: WordSet) -> TextProperty {
        switch self {
        case .word: .word(set)
        case .mark: .mark(set)
        case .previous: .previous(set)
        case .next: .next(set)
        case .left(_, let window): .left(set, within: window)
        case .right(_, let window): .right(set, within: window)
        case .contains: .contains(set)
        default: self
        }
    }

    /// How much a reader must take in: 1, and 1 more for each further word, a window or a second unit.
    var complexity: Int {
        let words = set?.complexity ?? 1
        return switch self {
        case .left, .right, .previousPair, .contains: words + 1
        default: words
        }
    }
}

extension TextProperty {
    /// The canonical text: `word("boy", "girl")`, `left("little", 3)`, `length>=5`, `capitalised`.
    public var formula: String {
        switch self {
        case .word(.named(let name)): "class(\(name.rawValue))"
        case .word(let set): "word(\(set.formula))"
        case .exact(let text): "exact(\(FormulaText.quoted(text)))"
        case .mark(let set): "mark(\(set.formula))"
        case .kind(let kind): "kind(\(kind.rawValue))"
        case .prefix(let text): "prefix(\(FormulaText.quoted(text)))"
        case .suffix(let text): "suffix(\(FormulaText.quoted(text)))"
        case .capitalised: "capitalised"
        case .allCaps: "allCaps"
        case .containsDigit: "containsDigit"
        case .lengthAtLeast(let count): "length>=\(count)"
        case .lengthAtMost(let count): "length<=\(count)"
        case .indexBelow(let bound): "index<\(bound)"
        case .last: "last"
        case .sentenceStart: "sentenceStart"
        case .lineStart: "lineStart"
        case .insideQuotes: "insideQuotes"
        case .previous(let set): "previous(\(set.formula))"
        case .next(let set): "next(\(set.formula))"
        case .previousPair(let first, let second):
            "previousPair(\(FormulaText.quoted(first)), \(FormulaText.quoted(second)))"
        case .left(let set, let window): "left(\(set.formula), \(window))"
        case .right(let set, let window): "right(\(set.formula), \(window))"
        case .contains(let set): "contains(\(set.formula))"
        }
    }

    /// What a unit is called when the property names it: "the word "girl""; nil when the property
    /// only describes.
    var noun: String? {
        switch self {
        case .word(.named(let name)): name.phrase
        case .word(let set): "the word \(set.phrase)"
        case .exact(let text): "\(FormulaText.quoted(text)) in exactly this letter case"
        case .mark(.named(let name)): name.phrase
        case .mark(let set): "the mark \(set.phrase)"
        case .kind(.word): "a word"
        case .kind(.number): "a number"
        case .kind(.punctuation): "a punctuation mark"
        case .kind(.newline): "a line break"
        case .kind(.symbol): "a symbol"
        case .prefix(let text): "a word starting with \(FormulaText.quoted(text))"
        case .suffix(let text): "a word ending in \(FormulaText.quoted(text))"
        default: nil
        }
    }

    /// What the property says of a unit, to follow a noun.
    var description: String {
        switch self {
        case .capitalised: "capitalised"
        case .allCaps: "in capitals"
        case .containsDigit: "with a digit"
        case .lengthAtLeast(let count): "at least \(count) characters long"
        case .lengthAtMost(let count): "at most \(count) characters long"
        case .indexBelow(1): "the first unit of the text"
        case .indexBelow(let bound): "among the first \(bound) units of the text"
        case .last: "the last unit of the text"
        case .sentenceStart: "at the start of a sentence"
        case .lineStart: "at the start of a line"
        case .insideQuotes: "inside quotation marks"
        case .previous(let set): "right after \(set.phrase)"
        case .next(let set): "right before \(set.phrase)"
        case .previousPair(let first, let second):
            "right after \(FormulaText.quoted(first)) and \(FormulaText.quoted(second))"
        case .left(let set, let window): "after \(set.phrase) within \(Self.units(window))"
        case .right(let set, let window): "before \(set.phrase) within \(Self.units(window))"
        case .contains(let set): "in a text that contains \(set.phrase)"
        default: noun ?? formula
        }
    }

    private static func units(_ count: Int) -> String { count == 1 ? "1 unit" : "\(count) units" }
}

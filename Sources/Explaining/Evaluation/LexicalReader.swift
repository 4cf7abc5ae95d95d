import Texts

/// Turns an explanation's own words into a rule, where every one of them can be taken literally.
///
/// It knows quoted words, the classes of ``Texts/WordClass``, kinds of units, affixes and places, and
/// words that carry no condition ("words related to …"). A word that it does not know may change the
/// meaning, so one such word makes it abstain: it would rather say nothing than half of it.
public enum LexicalReader {
    /// The longest explanation that is read, in bytes.
    static let limit = 2_000

    /// - Returns: the rule, or an abstention that names what was not understood.
    public static func rule(_ words: String) -> Judgement<TextRule> {
        guard words.utf8.count <= limit else {
            return .abstained(reason: "it has more than \(limit) bytes")
        }
        var reading = LexicalReading()
        for part in parts(of: words) {
            if let reason = reading.take(part) { return .abstained(reason: reason) }
        }
        return reading.rule.map { .given($0) }
            ?? .abstained(reason: "it names nothing that is known")
    }

    enum Part: Hashable {
        case word(String)
        /// A quoted word or mark, or a number in digits.
        case literal(String)
        case comma
    }

    /// Words in lower case, literals as they are, without other punctuation.
    static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var outside = ""
        func flush() {
            for unit in TextUnits(outside).units {
                switch unit.kind {
                case .number: parts.append(.literal(unit.text))
                case .word: parts.append(.word(unit.folded))
                default: parts.append(.comma)
                }
            }
            outside = ""
        }
        var quoted: String?
        for character in text {
            if "\"“”".contains(character) {
                if let literal = quoted {
                    parts.append(.literal(literal))
                    quoted = nil
                } else {
                    flush()
                    quoted = ""
                }
            } else if quoted != nil {
                quoted?.append(character)
            } else {
                outside.append(character)
            }
        }
        // A mark without its partner quotes nothing.
        outside += quoted ?? ""
        flush()
        return parts
    }
}

/// What has been understood of an explanation so far.
struct LexicalReading {
    /// Any of these; each is a conjunction.
    private var nouns: [[TextProperty]] = []
    private var words: [String] = []
    private var marks: [String] = []
    /// All of these besides.
    private var modifiers: [TextProperty] = []
    /// What the next literal is: the word before a place, or an affix.
    private var pending: Pending = .noun
    /// Where the last noun begins, which a literal after it would only exemplify.
    private var head: Int?
    private var place: Place?

    private enum Pending { case noun, previous, next, prefix, suffix }
    private enum Place { case start }

    /// - Returns: why the part is not understood; nil when it is.
    mutating func take(_ part: LexicalReader.Part) -> String? {
        switch part {
        case .comma: return nil
        case .literal(let text): return take(literal: text)
        case .word(let word): return take(word: word)
        }
    }

    private mutating func take(literal: String) -> String? {
        let units = TextUnits(literal).units
        guard units.count == 1, let unit = units.first,
            literal.utf8.count <= TextProperty.textByteLimit, let set = WordSet([unit.text])
        else { return "\"\(literal.prefix(40))\" is not one word or mark" }
        // "the numbers 2, 4 and 5" are these, not all numbers.
        if let head { nouns.removeSubrange(head...) }
        head = nil
        switch pending {
        case .noun:
            if unit.isWordlike { words.append(unit.text) } else { marks.append(unit.text) }
        case .previous: modifiers.append(.previous(set))
        case .next: modifiers.append(.next(set))
        case .prefix: modifiers.append(.prefix(unit.folded))
        case .suffix: modifiers.append(.suffix(unit.folded))
        }
        return nil
    }

    private mutating func take(word: String) -> String? {
        if let noun = Self.nouns[word] {
            head = nouns.count
            nouns += noun
            return nil
        }
        if let modifier = Self.modifiers[word] {
            modifiers.append(modifier)
            return nil
        }
        // What follows belongs to the condition, not to the noun before it.
        if Self.conditions.contains(word) { head = nil }
        switch word {
        case "after", "following": pending = .previous
        case "before", "preceding": pending = .next
        case "starting": (pending, place) = (.prefix, .start)
        case "ending": pending = .suffix
        case "start", "beginning": (pending, place) = (.prefix, .start)
        case "sentence", "line":
            guard place == .start else { return "\"\(word)\" is not understood" }
            modifiers.append(word == "sentence" ? .sentenceStart : .lineStart)
            (pending, place) = (.noun, nil)
        default:
            guard Self.fillers.contains(word) else { return "\"\(word)\" is not understood" }
        }
        return nil
    }

    /// Nil when nothing was named.
    var rule: TextRule? {
        var alternatives = nouns
        if let set = WordSet(words) { alternatives.append([.word(set)]) }
        if let set = WordSet(marks) { alternatives.append([.mark(set)]) }
        if alternatives.isEmpty { alternatives = [[]] }
        return TextRule(
            alternatives.compactMap { properties in
                TextRule.Facet((properties + modifiers).map { TextLiteral($0) })
            })
    }

    /// What a word names, in both spellings and both numbers.
    private static let nouns: [String: [[TextProperty]]] = {
        var table: [String: [[TextProperty]]] = [:]
        for name in WordClass.allCases {
            for word in forms(of: name.rawValue) { table[word] = [[.word(.named(name))]] }
        }
        for (words, property) in [
            (["digit"], TextProperty.containsDigit), (["punctuation"], .kind(.punctuation)),
            (["newline"], .kind(.newline)),
        ] {
            for word in words.flatMap(forms) { table[word] = [[property]] }
        }
        for word in forms(of: "number") {
            table[word] = [[.word(.named(.number))], [.kind(.number)]]
        }
        return table
    }()

    private static func forms(of noun: String) -> [String] {
        let plural =
            noun.hasSuffix("y") && noun != "day" && noun != "toy"
            ? noun.dropLast() + "ies" : noun + "s"
        let irregular = noun == "person" ? ["people"] : noun == "clothing" ? ["clothes"] : []
        let forms = [noun, String(plural)] + irregular
        return forms + forms.filter { $0.contains("our") }.map { $0.replacing("our", with: "or") }
    }

    private static let conditions: Set<String> = [
        "after", "following", "before", "preceding", "starting", "start", "beginning", "ending",
    ]

    private static let modifiers: [String: TextProperty] = [
        "capitalised": .capitalised, "capitalized": .capitalised, "uppercase": .allCaps,
        "capitals": .allCaps,
    ]

    /// Words that say what kind of thing is meant, or join the others, and set no condition.
    private static let fillers: Set<String> = [
        "a", "about", "all", "an", "and", "any", "as", "at", "character", "characters",
        "describing",
        "denoting", "else", "expressions", "for", "general", "in", "instances", "language",
        "letter",
        "letters", "mentions", "nothing", "occurrences", "of", "or", "phrases", "referring",
        "references", "related", "relating", "right", "sequence", "sequences", "such", "term",
        "terms", "text", "texts", "the", "to", "token", "tokens", "various", "with", "word",
        "words",
    ]
}

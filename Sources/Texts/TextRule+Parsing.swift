extension TextRule {
    /// The longest formula that is read, in UTF-8 bytes.
    public static let formulaByteLimit = 65_536

    /// Every form that ``parse(_:)`` reads, for messages and prompts.
    public static let knownForms =
        "word(\"a\", \"b\"), class(colour), exact(\"A\"), mark(\",\"), kind(number), prefix(\"un\"), "
        + "suffix(\"ing\"), capitalised, allCaps, containsDigit, length>=5, length<=2, index<3, last, "
        + "sentenceStart, lineStart, insideQuotes, previous(\"a\"), next(\"a\"), "
        + "previousPair(\"a\", \"b\"), left(\"a\", 3), right(class(colour), 3), contains(\"a\")"

    /// Reads what ``formula`` writes; order, repeats and blanks between the parts do not matter.
    ///
    /// - Throws: ``TextRuleError`` with the part that is wrong.
    public static func parse(_ formula: String) throws(TextRuleError) -> TextRule {
        let byteCount = formula.utf8.count
        guard byteCount <= formulaByteLimit else {
            throw TextRuleError.tooLong(byteCount: byteCount, limit: formulaByteLimit)
        }
        var reader = FormulaReader(formula)
        return try reader.rule()
    }
}

/// Reads a formula scalar by scalar, so that a combining mark never hides a quotation mark.
struct FormulaReader {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ formula: String) { scalars = Array(formula.unicodeScalars) }

    mutating func rule() throws(TextRuleError) -> TextRule {
        var facets: [TextRule.Facet] = []
        repeat {
            guard facets.count < 4 * TextRule.facetLimit else { break }
            facets.append(try facet())
        } while take("|")
        guard let rule = TextRule(facets) else {
            throw TextRuleError.tooMany("facets", limit: TextRule.facetLimit)
        }
        guard peek() == nil else { throw unreadable("\"&\", \"|\" or the end") }
        return rule
    }

    private mutating func facet() throws(TextRuleError) -> TextRule.Facet {
        var literals: [TextLiteral] = []
        repeat {
            guard literals.count < 4 * TextRule.Facet.literalLimit else { break }
            let negated = take("!")
            literals.append(TextLiteral(try property(), negated: negated))
        } while take("&")
        guard let facet = TextRule.Facet(literals) else {
            throw TextRuleError.tooMany("literals in a facet", limit: TextRule.Facet.literalLimit)
        }
        return facet
    }

    private mutating func property() throws(TextRuleError) -> TextProperty {
        let name = try name("a property")
        if let flag = Self.flags[name] { return flag }
        switch name {
        case "length":
            if take(">") {
                try expect("=")
                return .lengthAtLeast(try number(name, in: TextProperty.lengthLimit))
            }
            try expect("<")
            try expect("=")
            return .lengthAtMost(try number(name, in: TextProperty.lengthLimit))
        case "index":
            try expect("<")
            return .indexBelow(try number(name, in: TextProperty.indexLimit))
        default:
            guard Self.forms.contains(name) else { throw TextRuleError.unknownProperty(name) }
            try expect("(")
            let property = try arguments(of: name)
            try expect(")")
            return property
        }
    }

    private mutating func arguments(of name: String) throws(TextRuleError) -> TextProperty {
        switch name {
        case "class": return .word(.named(try wordClass()))
        case "kind":
            let kind = try self.name("a kind of unit")
            guard let known = TextUnits.Unit.Kind(rawValue: kind) else {
                throw TextRuleError.unknownKind(kind)
            }
            return .kind(known)
        case "exact": return .exact(try text(name, folded: false))
        case "prefix": return .prefix(try text(name, folded: true))
        case "suffix": return .suffix(try text(name, folded: true))
        case "previousPair":
            let first = try text(name, folded: true)
            try expect(",")
            return .previousPair(first, try text(name, folded: true))
        case "left", "right":
            let set = try wordSet(name)
            try expect(",")
            let window = try number(name, in: TextProperty.windowLimit)
            return name == "left" ? .left(set, within: window) : .right(set, within: window)
        case "word": return .word(try wordSet(name))
        case "mark": return .mark(try wordSet(name))
        case "previous": return .previous(try wordSet(name))
        case "next": return .next(try wordSet(name))
        default: return .contains(try wordSet(name))
        }
    }

    private mutating func wordSet(_ name: String) throws(TextRuleError) -> WordSet {
        if peek() != "\"" {
            guard try self.name("a string or class(…)") == "class" else {
                throw unreadable("a string or class(…)")
            }
            try expect("(")
            let known = try wordClass()
            try expect(")")
            return .named(known)
        }
        var words: [String] = []
        repeat {
            words.append(try text(name, folded: false))
        } while words.count < 4 * WordSet.wordLimit && takeCommaBeforeString()
        guard let set = WordSet(words) else {
            throw TextRuleError.tooMany("words in a set", limit: WordSet.wordLimit)
        }
        return set
    }

    private mutating func wordClass() throws(TextRuleError) -> WordClass {
        let name = try name("a word class")
        guard let known = WordClass(rawValue: name) else { throw TextRuleError.unknownClass(name) }
        return known
    }

    private static let flags: [String: TextProperty] = [
        "capitalised": .capitalised, "allCaps": .allCaps, "containsDigit": .containsDigit,
        "last": .last, "sentenceStart": .sentenceStart, "lineStart": .lineStart,
        "insideQuotes": .insideQuotes,
    ]

    private static let forms: Set<String> = [
        "word", "class", "exact", "mark", "kind", "prefix", "suffix", "previous", "next",
        "previousPair", "left", "right", "contains",
    ]
}

extension FormulaReader {
    private mutating func skipBlanks() {
        while position < scalars.count, scalars[position] == " " { position += 1 }
    }

    /// The next scalar that is no blank.
    private mutating func peek() -> Unicode.Scalar? {
        skipBlanks()
        return position < scalars.count ? scalars[position] : nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        position += 1
        return true
    }

    /// Takes a comma only when another string follows; windows have a number after the last one.
    private mutating func takeCommaBeforeString() -> Bool {
        let before = position
        if take(","), peek() == "\"" { return true }
        position = before
        return false
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(TextRuleError) {
        guard take(scalar) else { throw unreadable("\"\(scalar)\"") }
    }

    private mutating func name(_ expected: String) throws(TextRuleError) -> String {
        _ = peek()
        var name = ""
        while position < scalars.count, scalars[position].isASCII,
            scalars[position].properties.isAlphabetic, name.utf8.count < 32
        {
            name.unicodeScalars.append(scalars[position])
            position += 1
        }
        guard !name.isEmpty else { throw unreadable(expected) }
        return name
    }

    private mutating func number(
        _ property: String, in allowed: ClosedRange<Int>
    ) throws(TextRuleError) -> Int {
        _ = peek()
        var digits = ""
        while position < scalars.count, ("0"..."9").contains(scalars[position]),
            digits.utf8.count < 8
        {
            digits.unicodeScalars.append(scalars[position])
            position += 1
        }
        guard !digits.isEmpty else { throw unreadable("a whole number") }
        guard let number = Int(digits), allowed.contains(number), String(number) == digits else {
            throw TextRuleError.numberOutOfRange(
                property: property, found: digits, allowed: allowed)
        }
        return number
    }

    private mutating func text(
        _ property: String, folded: Bool
    ) throws(TextRuleError) -> String {
        try expect("\"")
        var text = ""
        while position < scalars.count, scalars[position] != "\"" {
            text.unicodeScalars.append(try scalar())
        }
        guard position < scalars.count else { throw unreadable("a closing quotation mark") }
        position += 1
        guard !text.isEmpty, text.utf8.count <= TextProperty.textByteLimit else {
            throw TextRuleError.unusableText(
                property: property, found: String(text.prefix(24)),
                reason: "must have 1 to \(TextProperty.textByteLimit) bytes")
        }
        return folded ? UnitCutter.fold(text) : text
    }

    /// One scalar of a string, escaped or plain.
    private mutating func scalar() throws(TextRuleError) -> Unicode.Scalar {
        let first = scalars[position]
        position += 1
        guard first == "\\" else { return first }
        guard position < scalars.count else { throw unreadable("an escaped character") }
        let code = scalars[position]
        position += 1
        switch code {
        case "\"", "\\": return code
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            guard position < scalars.count, scalars[position] == "{",
                let end = scalars[position...].prefix(9).firstIndex(of: "}"),
                let value = UInt32(
                    String(String.UnicodeScalarView(scalars[(position + 1)..<end])), radix: 16),
                let scalar = Unicode.Scalar(value)
            else { throw unreadable("{…} with a scalar's number") }
            position = end + 1
            return scalar
        default:
            position -= 1
            throw unreadable("one of \\\" \\\\ \\n \\r \\t \\u{…}")
        }
    }

    private func unreadable(_ expected: String) -> TextRuleError {
        let found = String(String.UnicodeScalarView(scalars[position...].prefix(16)))
        return .unreadable(
            position: position, found: found.isEmpty ? "the end" : FormulaText.quoted(found),
            expected: expected)
    }
}

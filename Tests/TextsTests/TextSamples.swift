import Foundation
import LinearAlgebra
import SubjectMaterial
import Texts

/// Texts and rules for the tests, drawn from seeds.
enum TextSamples {
    static let multilingual = [
        "", " ", "\n\n", "Hello, world!", "He said \"Don't!\" and O'Brien's dog left...",
        "Ignore previous instructions. error: NaN null", "naïve café — e\u{301}tude",
        "1,000.5 apples, 3rd, B2B, 10.", "日本語のテキスト。漢字とかな", "שלום עולם, \u{202E}abc",
        "مرحبا ١٢٣ عالم؟", "👩‍👩‍👧 family 👍🏽 e\u{20DD}", "a\tb\r\nc\u{2028}d\u{A0}e\u{3000}f",
        "\u{0}\u{1B}[31mred\u{7F}", "ὈΔΥΣΣΕΎΣ İstanbul STRASSE straße", " \u{301}x", "''s 's a's",
    ]

    static let words = [
        "The", "the", "a", "little", "big", "girl", "boy", "dog", "cat", "red", "blue", "Lily",
        "ran",
        "running", "jumped", "to", "park", "and", "not", "happy", "sad", "unhappy", "undo", "three",
        "7", "mom", "said", "in", "river", "bank", "OK", "café", "👍", "日",
    ]

    /// A sentence or two of the words above, with marks, quotations and line breaks.
    static func text(_ generator: inout SeededGenerator) -> String {
        var text = ""
        for index in 0..<(1 + generator.below(24)) {
            if index > 0 { text += [" ", " ", " ", ", ", ". ", "! ", "\n"][generator.below(7)] }
            if generator.below(12) == 0 { text += "\"" }
            text += words[generator.below(words.count)]
        }
        return text + ["", ".", "!", "...", "\""][generator.below(5)]
    }

    static func wordSet(_ generator: inout SeededGenerator, marks: Bool = false) -> WordSet {
        if marks { return WordSet([[".", ",", "!", "\n", "\"", "👍"][generator.below(6)]])! }
        if generator.below(4) == 0 { return .named(WordClass.allCases[generator.below(26)]) }
        return WordSet((0...generator.below(3)).map { _ in words[generator.below(words.count)] })!
    }

    static func property(_ generator: inout SeededGenerator) -> TextProperty {
        let word = words[generator.below(words.count)]
        let count = 1 + generator.below(8)
        let folded = word.lowercased()
        switch generator.below(24) {
        case 0, 1, 2: return .word(wordSet(&generator))
        case 3: return .exact(word)
        case 4: return .mark(wordSet(&generator, marks: true))
        case 5: return .kind(TextUnits.Unit.Kind.allCases[generator.below(5)])
        case 6: return .prefix(String(folded.prefix(2)))
        case 7: return .suffix(String(folded.suffix(2)))
        case 8: return .capitalised
        case 9: return .allCaps
        case 10: return .containsDigit
        case 11: return .lengthAtLeast(count)
        case 12: return .lengthAtMost(count)
        case 13: return .indexBelow(count)
        case 14: return .last
        case 15: return .sentenceStart
        case 16: return .lineStart
        case 17: return .insideQuotes
        case 18: return .previous(wordSet(&generator, marks: generator.below(3) == 0))
        case 19: return .next(wordSet(&generator))
        case 20: return .previousPair(folded, words[generator.below(words.count)].lowercased())
        case 21: return .left(wordSet(&generator), within: count)
        case 22: return .right(wordSet(&generator), within: count)
        default: return .contains(wordSet(&generator))
        }
    }

    static func rule(_ generator: inout SeededGenerator, negations: Bool = true) -> TextRule {
        let facets = (0...generator.below(3)).map { _ in
            TextRule.Facet(
                (0...generator.below(3)).map { _ in
                    TextLiteral(
                        property(&generator), negated: negations && generator.below(4) == 0)
                })!
        }
        return TextRule(facets)!
    }

    /// Lines of the small story sample, when it is there.
    static func stories(_ limit: Int) throws -> [TextUnits] {
        guard let path = SharedData.file("text/tinystories-sample.txt") else { return [] }
        let all = try String(contentsOfFile: path, encoding: .utf8)
        return all.split(separator: "\n").prefix(limit).map { TextUnits(String($0)) }
    }
}

import Testing

@testable import Tools

@Suite struct TextFactTests {
    @Test(arguments: [
        (TextFact.words, "It's a well-made thing, isn’t it?", 7.0),
        (.sentences, "Mr. Smith paid 3.50 dollars. \"Too much!\" he said. e.g. this", 4),
        (.sentences, "One\n\nTwo\nthree... four! Five?! ", 3), (.sentences, "...", 0),
        (.paragraphs, "\n\nA\n \nB\nC\r\n\r\nD\n\n", 3), (.lines, "a\n\nb\nc", 3),
        (.characters, "né😀", 3), (.letters, "né1😀", 2), (.capitals, "ÀbC", 2),
        (.digits, "a1٣", 2), (.symbols, "😀!", 1), (.punctuation, "«a», b…", 4),
        (.capitalWords, "I AM THE best iPhone O'NEIL", 3), (.numbers, "4K tv 20", 2),
        (.capitalisedWords, "The Dog saw Anna. Then it slept", 2),
        (.syllables, "table made loved", 4),
        (.distinctWords, "a A b", 2), (.singleWords, "a A b", 1),
        (.longestSentence, "A b c. D.", 3),
        (.shortestSentence, "A b c. D.", 1), (.longWords, "elephant cat", 1),
        (.meanWordLength, "ab cdef", 3), (.complexWords, "banana cat", 1),
    ])
    func counts(fact: TextFact, text: String, value: Double) {
        #expect(TextExpression(root: .fact(fact)).value(of: text) == .value(value))
    }

    @Test func aMeanOfNothingIsMissing() {
        for fact in [TextFact.meanWordLength, .fleschReadingEase, .typeTokenRatio] {
            #expect(TextExpression(root: .fact(fact)).value(of: " !").number == nil)
        }
    }

    @Test func guideNamesEverything() {
        let guide = TextExpression.guide
        for fact in TextFact.allCases { #expect(guide.contains(fact.rawValue)) }
        for lexicon in Lexicon.all { #expect(guide.contains(lexicon.name)) }
    }
}

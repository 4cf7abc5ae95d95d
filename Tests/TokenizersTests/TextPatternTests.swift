import Testing

@testable import Tokenizers

@Suite struct TextPatternTests {
    private static let gpt4 =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|DIGITS"#
        + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let known = [
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
        #"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
        gpt4.replacing("DIGITS", with: #"\p{N}{1,3}"#), gpt4.replacing("DIGITS", with: #"\p{N}"#),
    ]

    @Test(arguments: known)
    func scannerAgreesWithMatcher_onRandomText(expression: String) throws {
        #expect(WordScanner(expression: expression) != nil)
        let scanner = try TextPattern(expression: expression)
        let matcher = try TextPattern(expression: expression, scansByHand: false)
        var random = Generator(state: 11)
        for _ in 0..<3000 {
            let text = random.text(Int.random(in: 1..<40, using: &random))
            let bytes = Array(text.utf8)
            #expect(
                try scanner.runs(in: bytes[...]) == matcher.runs(in: bytes[...]),
                "\(text.debugDescription)")
        }
    }

    private func matches(_ expression: String, _ text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        return try TextPattern(expression: expression).runs(in: bytes[...]).filter(\.isMatch).map {
            String(decoding: bytes[$0.start..<$0.end], as: UTF8.self)
        }
    }

    // What onig finds, by hand.
    @Test(arguments: [
        ("a+?b|a", "aaab a", ["aaab", "a"]), ("(?:ab){2,3}", "abababab", ["ababab"]),
        ("a*", "baac", ["", "aa", ""]), ("x++x|y", "xxy", ["y"]), ("(?>a|ab)c", "abc ac", ["ac"]),
        ("(?<=a)b", "ab bb", ["b"]), ("(?<!a)b", "ab bb", ["b", "b"]),
        ("^b", "b\nb\n", ["b", "b"]),
        ("a$", "a\nba", ["a", "a"]), (#"\bé\w*"#, "été é", ["été", "é"]),
        (#"[\]\-x-z]+"#, "]-y", ["]-y"]),
        (#"\x{1F600}|é"#, "😀é", ["😀", "é"]), ("(?i:K)", "kK\u{212A}", ["k", "K", "\u{212A}"]),
        (".+", "a\nb", ["a", "b"]), (#"\h+"#, "fFg9", ["fF", "9"]), ("[^a]", "aéa", ["é"]),
        ("a{,2}b", "aaab", ["aab"]), ("(a|b)*?c", "abc", ["abc"]), (#"\A\d+\z"#, "12", ["12"]),
        ("[^\\S\\n]+", " \n\t", [" ", "\t"]), ("(a)(?:b|c)", "abac", ["ab", "ac"]),
    ])
    func findsWhatTheReferenceFinds(expression: String, text: String, expected: [String]) throws {
        #expect(try matches(expression, text) == expected)
    }

    @Test(arguments: [
        #"\p{Han}"#, #"(a)\1"#, "(?<n>a)", "(?i)a", "[a&&b]", "[[:alpha:]]", "(?i:ß)", "(?i:ss)",
        "(?i:[a])", "(a*)*", "a{2}?", "(", ")", "[", "a{x}", "*", #"\G"#, #"\K"#, #"\X"#,
        "(?<=a+)b",
        #"\p{L"#, "[z-a]", "a{9999}", #"\"#, "(?m:a)", "(?#x)", "((ab){1000}){1000}",
        String(repeating: "(", count: 100), String(repeating: "a", count: 5000),
    ])
    func refusesWithReason_whatIsNotImplemented(expression: String) {
        #expect(throws: PatternFlaw.self) { try TextPattern(expression: expression) }
    }

    @Test func endsInError_whenAnExpressionExplodes() throws {
        let pattern = try TextPattern(expression: "(a|a)+b")
        let bytes = Array(String(repeating: "a", count: 60).utf8)
        let error = #expect(throws: TokenizerError.self) { try pattern.runs(in: bytes[...]) }
        #expect(error?.description.contains("(a|a)+b") ?? false)
    }

    @Test func runsCoverTheText() throws {
        var random = Generator(state: 3)
        for expression in [#"\s+"#, "", "a?", #"(?=\p{Lu})"#, #"\p{L}{2}"#] {
            let pattern = try TextPattern(expression: expression)
            for _ in 0..<200 {
                let bytes = Array(random.text(12).utf8)
                let runs = try pattern.runs(in: bytes[...])
                #expect(runs.first?.start ?? 0 == 0 && runs.last?.end ?? 0 == bytes.count)
                #expect(zip(runs, runs.dropFirst()).allSatisfy { $0.end == $1.start })
            }
        }
    }
}

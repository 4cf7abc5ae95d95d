import Testing

@testable import Instruments

@Suite struct TokenPiecesTests {
    @Test(arguments: [
        (["Hello", "Ġcaf", "Ã©", "Ċ"], "Hello café\n"),
        (["▁Hello", "▁caf", "<0xC3>", "<0xA9>"], "Hello café"),
        (["<bos>", "Hello", " café"], "Hello café"),
        (["<|endoftext|>", "æĹ", "¥", "æľ¬"], "日本"),
        (["naïve", " Zoë"], "naïve Zoë"),
    ])
    func mapsEveryToken_whateverTheSpelling(spellings: [String], text: String) throws {
        let tokens = TokenPieces.tokens(spellings, special: nil, in: text)
        #expect(tokens.map(\.isSpecial) == spellings.map { TokenPieces.firstTokens.contains($0) })
        var at = 0
        for token in tokens where !token.isSpecial {
            let range = try #require(token.bytes)
            #expect(range.lowerBound == at)
            at = range.upperBound
        }
        #expect(at == text.utf8.count)
    }

    @Test func cleansTokensForPeople() {
        let tokens = TokenPieces.tokens(["Hello", "ĠcafÃ©"], special: nil, in: "Hello café")
        #expect(tokens.map(\.text) == ["Hello", " café"])
    }

    @Test func mapsWhatStandsAroundALostCharacter_andThatNotAtAll() {
        let tokens = TokenPieces.tokens(
            ["A ", "\u{FFFD}", "\u{FFFD}", " cat"], special: nil, in: "A 日 cat")
        #expect(tokens.map(\.bytes) == [0..<2, nil, nil, 5..<9])
    }

    @Test func mapsNothing_whenTheTokensAreOfAnotherText() {
        let tokens = TokenPieces.tokens(["A", " dog"], special: nil, in: "The cat")
        #expect(tokens.map(\.bytes) == [nil, nil])
        let shorter = TokenPieces.tokens(["The"], special: nil, in: "The cat")
        #expect(shorter.map(\.bytes) == [nil])
    }

    /// Found with llama2.c's own vocabulary: its first token was taken for part of the text.
    @Test func knowsAFirstToken_betweenLineFeeds() {
        let tokens = TokenPieces.tokens(["\n<s>\n", "A", " cat"], special: nil, in: "A cat")
        #expect(tokens.map(\.isSpecial) == [true, false, false])
        #expect(tokens.map(\.bytes) == [nil, 0..<1, 1..<5])
    }

    @Test func believesTheServer_aboutSpecialTokens() {
        let tokens = TokenPieces.tokens(
            ["<x>", "hi", "<y>"], special: [true, false, true], in: "hi")
        #expect(tokens.map(\.isSpecial) == [true, false, true])
        #expect(tokens[1].bytes == 0..<2)
    }
}

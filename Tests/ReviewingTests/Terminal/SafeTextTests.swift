import LinearAlgebra
import Testing

@testable import Reviewing

@Suite struct SafeTextTests {
    func shown(_ text: String) -> [String] {
        SafeText.lines(text).map { $0.map(\.text).joined() }
    }

    @Test func plainTextIsShownAsItIs() {
        for text in ["Grüße", "漢字かな", "한국어", "עברית", "क्षत्रिय", "👩‍👩‍👧", "🇨🇭❤️", "e\u{0301}"] {
            #expect(shown(text) == [text])
            #expect(SafeText.lines(text).joined().allSatisfy { !$0.isStandIn })
        }
    }

    @Test func controlCharactersAreShownAsNumbers() {
        #expect(shown("a\u{1B}[2Jb") == ["a<U+001B>[2Jb"])
        #expect(shown("\u{9B}31m\u{7F}\u{0}\u{7}") == ["<U+009B>31m<U+007F><U+0000><U+0007>"])
        #expect(shown("a\r\nb\nc\rd") == ["a", "b", "c<U+000D>d"])
        #expect(shown("a\u{2028}b\u{85}c") == ["a<U+2028>b<U+0085>c"])
    }

    @Test func directionMarksAndInvisibleCharactersAreShownAsNumbers() {
        for value: UInt32 in [
            0x61C, 0x200B, 0x200C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060,
            0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF, 0xAD, 0xE000, 0xE0041, 0x3164, 0x115F, 0x2800,
        ] {
            let text = "a\(Unicode.Scalar(value)!)b"
            let hex = String(value, radix: 16, uppercase: true)
            let expected =
                "a<U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex + ">b"
            #expect(shown(text) == [expected])
            #expect(SafeText.lines(text)[0].count { $0.isStandIn } == expected.count - 2)
        }
        // A joiner makes one emoji of two; between letters it is invisible.
        #expect(shown("a\u{200D}b") == ["a<U+200D>b"])
    }

    @Test func marksThatPileUpAreCounted() {
        let text = "e" + String(repeating: "\u{0301}", count: 40)
        let glyphs = SafeText.lines(text)[0]
        #expect(glyphs[0].text.unicodeScalars.count == 1 + SafeText.markLimit)
        #expect(glyphs.dropFirst().allSatisfy { $0.isStandIn })
        #expect(shown("\u{0301}x") == ["\u{25CC}\u{0301}x"])
    }

    @Test func tabsReachTheNextStop() {
        #expect(shown("\tx\tyz\t漢\t.") == ["    x   yz  漢  ."])
    }

    @Test func longTextsEndWithTheirRest() {
        let lines = SafeText.lines(String(repeating: "x", count: 100), limit: 10)
        #expect(lines[0].map(\.text).joined() == "xxxxxxxxxx<90 more>")
        #expect(SafeText.line("a\nb").map(\.text).joined() == "a<U+000A>b")
    }

    /// No text of any scalars gets a control or direction character through.
    @Test(arguments: UInt64(0)..<200) func nothingDangerousComesThrough(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limits = [0x20, 0xA0, 0x300, 0x2100, 0x3000, 0xFFFF, 0x10FFFF]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<300 {
            let value = UInt32(generator.below(limits[generator.below(limits.count)]))
            if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
        }
        for glyph in SafeText.lines(String(scalars)).joined() {
            #expect(!glyph.text.isEmpty)
            #expect(glyph.width >= 1)
            for scalar in glyph.text.unicodeScalars {
                switch scalar.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                    Issue.record("U+\(String(scalar.value, radix: 16)) came through")
                case .format: #expect(scalar == "\u{200D}")
                default: break
                }
            }
        }
    }
}

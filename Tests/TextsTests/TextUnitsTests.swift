import LinearAlgebra
import Testing
import Texts

@Suite struct TextUnitsTests {
    static func samples() -> [String] {
        TextSamples.multilingual
            + (0..<UInt64(60)).map { seed in
                var generator = SeededGenerator(seed: seed)
                return TextSamples.text(&generator)
            }
    }

    /// Texts of plain ASCII take a way of their own.
    @Test func cutsPlainTextsAsItCutsThemBesideOtherScripts() {
        let random = (0..<UInt64(300)).map { seed in
            var generator = SeededGenerator(seed: seed, stream: 3)
            let bytes = (0..<40).map { _ in
                generator.below(3) == 0
                    ? UInt8(generator.below(128)) : Array("aT.,'-1 s\"".utf8)[generator.below(10)]
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        let chosen = [
            "It's 3.14, 1,000... rock-n-roll -- o'clock 'tis", "can't he'll O'Brien's 1.a a.1",
            "tabs\tand\u{0B}more\r\nlines\rhere", "ends with don'", "~`^|$<>=+ \u{1}\u{7F}", "",
        ]
        for text in random + chosen {
            let plain = TextUnits(text)
            let mixed = TextUnits(text + "\n\u{E9}")
            guard text.last != "\r" else { continue }
            #expect(plain.units == mixed.units.dropLast(2), "\(text.debugDescription)")
            #expect(plain.isComplete)
        }
    }

    @Test func coverEveryByteThatIsNoBlank_inEveryScript() {
        for text in Self.samples() {
            let cut = TextUnits(text)
            let bytes = Array(text.utf8)
            var covered = Set<Int>()
            var end = 0
            for unit in cut.units {
                #expect(unit.bytes.lowerBound >= end && !unit.bytes.isEmpty)
                end = unit.bytes.upperBound
                #expect(String(decoding: bytes[unit.bytes], as: UTF8.self) == unit.text)
                covered.formUnion(unit.bytes)
            }
            var offset = 0
            for character in text {
                let isBlank =
                    !character.isNewline
                    && character.unicodeScalars.allSatisfy(\.properties.isWhitespace)
                for byte in offset..<offset + character.utf8.count {
                    #expect(
                        covered.contains(byte) != isBlank,
                        "byte \(byte) of \(text.debugDescription)")
                }
                offset += character.utf8.count
            }
            #expect(cut.isComplete)
        }
    }

    @Test func mapEveryByteToItsUnitOrTheNext() {
        for text in Self.samples() {
            let cut = TextUnits(text)
            for byte in 0...text.utf8.count {
                let expected = cut.units.firstIndex { $0.bytes.upperBound > byte }
                #expect(cut.unit(atByte: byte) == expected)
            }
        }
    }

    @Test func cutWordsAsAReaderWould() {
        let cut = TextUnits("He said \"Don't!\" O'Brien's 3.14, 3rd...\nOK 👍🏽 漢字")
        #expect(
            cut.units.map(\.text) == [
                "He", "said", "\"", "Don", "'t", "!", "\"", "O'Brien", "'s", "3.14", ",", "3rd",
                "...", "\n", "OK", "👍🏽", "漢", "字",
            ])
        #expect(cut.units[9].kind == .number && cut.units[11].kind == .word)
        #expect(cut.units[13].kind == .newline && cut.units[15].kind == .symbol)
        #expect(cut.units[1].hasSpaceBefore && !cut.units[4].hasSpaceBefore)
    }

    @Test func areTheSameWord_whenComposedDifferently() {
        let units = TextUnits("CAFÉ cafe\u{301}").units
        #expect(units[0].folded.utf8.elementsEqual(units[1].folded.utf8))
    }

    @Test func knowSentencesLinesAndQuotations() {
        func places(_ formula: String, _ text: String) throws -> [String] {
            let cut = TextUnits(text)
            return try TextRule.parse(formula).places(in: cut).map { cut.units[$0].text }
        }
        let text = "One day. \"Two, three!\" (Four)\n- five \"Six"
        #expect((try? places("sentenceStart", text)) == ["One", "Two", "Four", "five"])
        #expect((try? places("lineStart", text)) == ["One", "-"])
        #expect((try? places("insideQuotes", text)) == ["Two", ",", "three", "!", "Six"])
    }

    @Test func stopAtTheBound_forAVeryLongText() {
        let cut = TextUnits(String(repeating: "a ", count: TextUnits.unitLimit + 1))
        #expect(cut.units.count == TextUnits.unitLimit && !cut.isComplete)
        #expect(cut.unit(atByte: 2 * TextUnits.unitLimit) == nil)
        let one = TextUnits(String(repeating: "a", count: TextUnits.characterLimit + 1))
        #expect(one.units.count == 1 && !one.isComplete)
        let exact = TextUnits(String(repeating: "a", count: TextUnits.characterLimit))
        #expect(exact.units.count == 1 && exact.isComplete)
    }
}

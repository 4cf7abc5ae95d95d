import LinearAlgebra
import Testing
import Texts

@Suite struct TextRuleTests {
    @Test(arguments: UInt64(0)..<200)
    func readsBackEveryFormula(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<10 {
            let rule = TextSamples.rule(&generator)
            let read = try TextRule.parse(rule.formula)
            #expect(read == rule)
            #expect(read.formula == rule.formula)
        }
    }

    @Test func readsBackEveryString_howeverHostile() throws {
        let strings =
            TextSamples.multilingual.filter { !$0.isEmpty } + [
                "\"", "\\", "\\\"", ") | word(\"x\")", "\u{301}", "\"\u{301}", "a\u{200D}b",
                "\u{FEFF}",
            ]
        for text in strings {
            let rule = TextRule(.exact(text))
            #expect(try TextRule.parse(rule.formula) == rule)
            let visible = rule.formula.unicodeScalars.allSatisfy {
                $0.properties.generalCategory != .control
                    && $0.properties.generalCategory != .format
            }
            #expect(visible, "\(rule.formula)")
            let set = TextRule(.left(try #require(WordSet([text, "b"])), within: 4))
            #expect(try TextRule.parse(set.formula) == set)
        }
    }

    @Test(arguments: UInt64(0)..<100)
    func isTheSame_whateverTheOrderOfItsParts(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let rule = TextSamples.rule(&generator)
        let shuffled = rule.facets.shuffled(using: &generator).map { facet in
            facet.literals.shuffled(using: &generator).map(\.formula).joined(separator: "&  ")
        }
        let again = (shuffled + shuffled.prefix(1)).joined(separator: "  |")
        #expect(try TextRule.parse("  " + again + " ") == rule)
    }

    @Test func refusesAFormula_withAFault() {
        let faults = [
            "", " ", "word", "word(", "word()", "word(\"\")", "word(\"a\"", "word(\"a)", "word(a)",
            "word(\"a\",)", "words(\"a\")", "class(colors)", "kind(verb)", "left(\"a\")",
            "left(\"a\", 0)", "left(\"a\", 65)", "left(\"a\", 03)", "index<0", "index<-1",
            "length>5",
            "length>=999", "capitalised(", "capitalised &", "| last", "last |", "last last",
            "!!last",
            "! ", "word(\"\\x\")", "word(\"\\u{110000}\")", "word(\"\\u{D800}\")",
            "prefix(class(day))",
            "previousPair(\"a\")", "Last", "word(\"a\" \"b\")", "last\u{0}", "last\n",
            "exact(\"" + String(repeating: "a", count: 200) + "\")",
            (0..<20).map { "index<\($0 + 1)" }.joined(separator: " | "),
            (0..<20).map { "index<\($0 + 1)" }.joined(separator: " & "),
            "word(" + (0..<80).map { "\"w\($0)\"" }.joined(separator: ",") + ")",
            String(repeating: "last | ", count: 20_000) + "last",
        ]
        for fault in faults {
            #expect(throws: TextRuleError.self, "\(fault.prefix(60))") {
                try TextRule.parse(fault)
            }
        }
    }

    @Test(arguments: UInt64(0)..<300)
    func readsNoiseWithoutTrapping(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var scalars = Array(TextSamples.rule(&generator).formula.unicodeScalars)
        let noise = Array("\"\\(){}!&|<>=,0 9au\u{301}é".unicodeScalars)
        for _ in 0...generator.below(4) {
            let place = generator.below(scalars.count)
            if generator.below(2) == 0, scalars.count > 1 {
                scalars.remove(at: place)
            } else {
                scalars[place] = noise[generator.below(noise.count)]
            }
        }
        let text = String(String.UnicodeScalarView(scalars))
        if let rule = try? TextRule.parse(text) {
            #expect((try? TextRule.parse(rule.formula)) == rule)
        }
    }

    @Test(arguments: UInt64(0)..<150)
    func holdsWhereThePlainTwinSaysSo(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let text = TextUnits(TextSamples.text(&generator))
            let rule = TextSamples.rule(&generator)
            let expected = text.units.indices.filter { place in
                rule.facets.contains { facet in
                    facet.literals.allSatisfy {
                        PlainTwin(text).holds($0.property, place) != $0.negated
                    }
                }
            }
            #expect(rule.places(in: text) == expected, "\(rule.formula) in \(text.text)")
            #expect(rule.holds(in: text) == !expected.isEmpty)
        }
    }

    @Test func speaksPlainly() throws {
        let expected = [
            "word(\"boy\", \"girl\") & left(\"little\", 3)":
                "the word \"boy\" or \"girl\", after \"little\" within 3 units",
            "suffix(\"ing\") & !sentenceStart":
                "a word ending in \"ing\", not at the start of a sentence",
            "class(colour) | mark(\"\\n\")": "a colour; or the mark \"\\n\"",
            "capitalised & !word(\"i\")":
                "any unit, but not the word \"i\", capitalised",
        ]
        for (formula, sentence) in expected {
            #expect(try TextRule.parse(formula).sentence == sentence)
        }
    }

    @Test(arguments: UInt64(0)..<60)
    func mentionsEveryListedWord_inItsSentence(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let word = TextSamples.words[generator.below(26)].lowercased()
        let set = WordSet([word, "zebra"])!
        for property in [
            TextProperty.word(set), .previous(set), .next(set), .left(set, within: 2),
            .right(set, within: 1), .contains(set), .mark(set),
        ] {
            let sentence = TextRule(property).sentence
            #expect(sentence.contains("\"\(word)\"") || word == "zebra" || word == "café")
            #expect(sentence.contains("\"zebra\""))
        }
    }

    @Test func saysWhatIsWrongAndWhatToDo() {
        func message(_ formula: String) -> String {
            do {
                return try TextRule.parse(formula).formula
            } catch {
                return "\(error)"
            }
        }
        #expect(
            message("left(\"a\", 99)")
                == "text rule, left: \"99\" is out of range. Write a whole number from 1 to 64.")
        #expect(message("word(\"a\") word").hasSuffix("expected \"&\", \"|\" or the end."))
        #expect(message("colour(\"a\")").contains("no property is called \"colour\""))
    }
}

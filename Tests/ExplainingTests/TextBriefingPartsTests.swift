import Prompts
import Testing
import Texts

@testable import Explaining

/// What a language model is shown of texts.
@Suite struct TextBriefingPartsTests {
    @Test func countsAPropertyOnEveryTextWithAUnitOfIt() throws {
        let sentences = Array(ConsultedTextStudy.sentences.prefix(500))
        let items = sentences.map { sentence -> TextEvidence.Item in
            let units = TextUnits(sentence)
            let place = units.units.firstIndex { $0.folded == "dog" || $0.folded == "bird" }
            return .init(units: units, fires: place != nil && sentence.count % 3 > 0, place: place)
        }
        let rows = PropertyContrasts(evidence: TextEvidence(items)).rows
        #expect(rows.count > 10)
        func share(_ fires: Bool, _ property: TextProperty) -> Double {
            let texts = items.filter { $0.fires == fires }.map(\.units)
            return Double(texts.count { TextRule(property).holds(in: $0) }) / Double(texts.count)
        }
        for row in rows {
            #expect(row.firing == share(true, row.property), "\(row.property.formula)")
            #expect(row.silent == share(false, row.property), "\(row.property.formula)")
        }
        let contrasts = rows.map { abs($0.firing - $0.silent) }
        #expect(contrasts == contrasts.sorted(by: >))
        let turned = PropertyContrasts(evidence: TextEvidence(items.reversed())).rows
        #expect(turned == rows)
    }

    /// What the language's part of the prompts teaches is what the parser reads, all of it.
    @Test func teachesTheLanguageThatIsRead() throws {
        let file = try #require(PromptSet.files.first { $0.path == "explain-text/rules.md" })
        let words = ["!", "&", "|", "and", "class(…)"]
        let taught = file.text.matches(of: /`([^`]+)`/).map { String($0.1) }
            .filter { !words.contains($0) }
        #expect(taught.count > 25)
        for formula in taught {
            #expect(throws: Never.self, "\(formula)") { try TextRule.parse(formula) }
        }
        for name in TextRule.knownForms.matches(of: /(?:^|, )([a-zA-Z]+)/).map(\.1) {
            #expect(taught.contains { $0.hasPrefix(name) || $0.contains("(" + name) }, "\(name)")
        }
    }

    @Test func marksTheUnit_onWhichTheFeatureIsHighest() {
        let text = TextUnits("Was it \u{1F415} or the dog?")
        let dog = text.units.firstIndex { $0.folded == "dog" }
        #expect(TextExcerpt.show(text, peak: dog) == "Was it \u{1F415} or the ⟦dog⟧?")
        #expect(TextExcerpt.show(text, peak: nil) == text.text)
        #expect(TextExcerpt.show(text, peak: 99) == text.text)
    }

    @Test func spellsOutBracketsOfTheTextsOwn() {
        let text = TextUnits("a ⟦b⟧ c")
        #expect(
            TextExcerpt.show(text, peak: 0)
                == "⟦a⟧ ⟨U+27E6⟩b⟨U+27E7⟩ c")
    }

    @Test func shortensALongTextRoundItsUnit() throws {
        let words = (0..<4_000).map { "w\($0)" }
        let text = TextUnits(words.joined(separator: " "))
        let shown = TextExcerpt.show(text, peak: 2_000)
        #expect(shown.contains(" ⟦w2000⟧ w2001 "))
        #expect(shown.hasPrefix("⟨…⟩") && shown.hasSuffix("⟨…⟩"))
        #expect(shown.count < 1_700)
        let unbroken = TextUnits(String(repeating: "x", count: 100_000))
        #expect(TextExcerpt.show(unbroken, peak: 0).count < 300)
        #expect(TextExcerpt.show(unbroken, peak: nil).count < 1_500)
    }
}

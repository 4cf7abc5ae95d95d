import LinearAlgebra
import Testing
import Texts

@Suite struct TextEditsTests {
    static let edits = TextEdits(
        vocabulary: .init(
            sentences: [
                "We sat by the window.", "It was quite late.", "Somebody opened a box",
                "Most things stay as they are.",
            ],
            words: [
                "table", "window", "quiet", "open", "wandering", "unsure", "yes", "of", "spoon",
                "lantern", "whisper", "over", "paper", "so", "me",
            ]))

    /// Counts how often an edit was possible, so that a promise is not kept by giving up.
    struct Tally {
        var asked = 0
        var made = 0
        mutating func add(_ edit: TextEdits.Edit?, keeps promise: (TextUnits) -> Bool) {
            asked += 1
            guard let edit else { return }
            made += 1
            #expect(promise(TextUnits(edit.text)), "\(edit.text)")
        }

        var share: Double { Double(made) / Double(max(1, asked)) }
    }

    @Test func nearMissesBreakTheRule_onRandomRulesAndTexts() {
        var tally = Tally()
        for seed in UInt64(0)..<600 {
            var generator = SeededGenerator(seed: seed)
            let rule = TextSamples.rule(&generator)
            let text = TextUnits(TextSamples.text(&generator))
            let edit = Self.edits.nearMiss(of: text, rule: rule, &generator)
            guard rule.holds(in: text) else {
                #expect(edit == nil)
                continue
            }
            tally.asked += 1
            guard let edit else { continue }
            tally.made += 1
            #expect(!rule.holds(in: TextUnits(edit.text)), "\(rule.formula) in \(edit.text)")
            #expect(edit.text != text.text && edit.note.hasPrefix("breaks: "))
        }
        #expect(tally.share > 0.5, "\(tally)")
    }

    @Test func paraphrasesKeepTheRuleAtItsPlace_onRandomRulesAndTexts() {
        var tally = Tally()
        for seed in UInt64(0)..<400 {
            var generator = SeededGenerator(seed: seed)
            let rule = TextSamples.rule(&generator)
            let text = TextUnits(TextSamples.text(&generator))
            guard let place = rule.places(in: text).first, text.units.count > 4 else { continue }
            tally.asked += 1
            let edit = Self.edits.paraphrase(of: text, place: place, rule: rule, &generator)
            guard let edit else { continue }
            tally.made += 1
            #expect(
                rule.holds(at: place, in: TextUnits(edit.text)), "\(rule.formula) in \(edit.text)")
            #expect(edit.text != text.text)
        }
        #expect(tally.share > 0.8, "\(tally)")
    }

    @Test func injectionsHoldInNeutralText_onRandomRulesAndTexts() {
        var tally = Tally()
        for seed in UInt64(0)..<400 {
            var generator = SeededGenerator(seed: seed)
            let rule = TextSamples.rule(&generator, negations: false)
            let text = TextUnits(TextSamples.text(&generator))
            guard rule.holds(in: text) else { continue }
            tally.asked += 1
            guard let edit = Self.edits.injection(of: text, rule: rule, &generator) else {
                continue
            }
            tally.made += 1
            #expect(rule.holds(in: TextUnits(edit.text)), "\(rule.formula) in \(edit.text)")
            #expect(Self.edits.vocabulary.sentences.contains { edit.text.contains($0) })
        }
        #expect(tally.made > 20, "\(tally)")
    }

    @Test func satisfyingEditsMakeTheRuleHold_onRandomRulesAndTexts() {
        var tally = Tally()
        for seed in UInt64(0)..<400 {
            var generator = SeededGenerator(seed: seed)
            let rule = TextSamples.rule(&generator)
            let text = TextUnits(TextSamples.text(&generator))
            let edit = Self.edits.satisfying(text, rule: rule, &generator)
            if rule.holds(in: text) {
                #expect(edit == nil)
                continue
            }
            tally.asked += 1
            guard let edit else { continue }
            tally.made += 1
            #expect(rule.holds(in: TextUnits(edit.text)), "\(rule.formula) in \(edit.text)")
        }
        #expect(tally.share > 0.5, "\(tally)")
    }

    @Test func rivalTextsSatisfyTheRivalAlone_onRandomRules() {
        var tally = Tally()
        for seed in UInt64(0)..<200 {
            var generator = SeededGenerator(seed: seed)
            let (rule, other) = (TextSamples.rule(&generator), TextSamples.rule(&generator))
            let texts = (0..<6).map { _ in TextUnits(TextSamples.text(&generator)) }
            tally.asked += 1
            guard let edit = Self.edits.rival(other, against: rule, in: texts, &generator) else {
                continue
            }
            tally.made += 1
            let made = TextUnits(edit.text)
            #expect(other.holds(in: made) && !rule.holds(in: made))
        }
        #expect(tally.share > 0.5, "\(tally)")
        var generator = SeededGenerator(seed: 1)
        let same = TextRule(.capitalised)
        #expect(
            Self.edits.rival(same, against: same, in: [TextUnits("A b")], &generator) == nil)
    }

    @Test(.enabled(if: !TextInducerTests.stories.isEmpty, "the story sample is absent"))
    func areMostlyPossible_forPlantedRulesInStories() {
        let stories = TextInducerTests.stories
        let edits = TextEdits(vocabulary: .init(from: stories, seed: 3))
        var generator = SeededGenerator(seed: 8)
        var (misses, paraphrases, injections, made) = (Tally(), Tally(), Tally(), Tally())
        for feature in PlantedFeature.plant(count: 27, over: stories, seed: 5) {
            let rule = feature.rule
            for text in stories.filter({ rule.holds(in: $0) && $0.units.count < 60 }).prefix(6) {
                let place = rule.places(in: text)[0]
                misses.add(edits.nearMiss(of: text, rule: rule, &generator)) {
                    !rule.holds(in: $0)
                }
                paraphrases.add(
                    edits.paraphrase(of: text, place: place, rule: rule, &generator)
                ) { rule.holds(at: place, in: $0) }
                injections.add(edits.injection(of: text, rule: rule, &generator)) {
                    rule.holds(in: $0)
                }
            }
            for text in stories.filter({ !rule.holds(in: $0) && $0.units.count < 60 }).prefix(6) {
                made.add(edits.satisfying(text, rule: rule, &generator)) { rule.holds(in: $0) }
            }
        }
        for tally in [misses, paraphrases, injections, made] {
            #expect(tally.share > 0.9, "\(misses) \(paraphrases) \(injections) \(made)")
        }
    }

    @Test func changesLittle_whenOneWordDecides() throws {
        var generator = SeededGenerator(seed: 5)
        let text = TextUnits("The little girl saw a dog.")
        let rule = try TextRule.parse("word(\"girl\") & previous(\"little\")")
        for _ in 0..<8 {
            let miss = try #require(Self.edits.nearMiss(of: text, rule: rule, &generator))
            let after = TextUnits(miss.text).units.map(\.text)
            let changed = zip(text.units.map(\.text), after).count { $0 != $1 }
            #expect(after.count == text.units.count && changed == 1, "\(miss.text)")
        }
        let silent = TextUnits("The happy girl saw a dog.")
        let made = try #require(Self.edits.satisfying(silent, rule: rule, &generator))
        #expect(made.text == "The little girl saw a dog.")
    }

    @Test func givesTheSameEdit_forTheSameSeed() {
        for seed in UInt64(0)..<40 {
            var first = SeededGenerator(seed: seed)
            let rule = TextSamples.rule(&first)
            let text = TextUnits(TextSamples.text(&first))
            var second = first
            #expect(
                Self.edits.nearMiss(of: text, rule: rule, &first)
                    == Self.edits.nearMiss(of: text, rule: rule, &second))
            #expect(
                Self.edits.satisfying(text, rule: rule, &first)
                    == Self.edits.satisfying(text, rule: rule, &second))
        }
    }

    @Test func drawsItsVocabularyFromTexts() {
        let texts = (0..<40).map {
            TextUnits("A small bird sang number \($0). \"Quoted\" talk.\nNo")
        }
        let vocabulary = TextEdits.Vocabulary(from: texts, seed: 1)
        #expect(vocabulary.sentences.count == 40)
        #expect(vocabulary.words == ["bird", "number", "sang", "small", "talk"])
        #expect(vocabulary == TextEdits.Vocabulary(from: texts, seed: 1))
    }
}

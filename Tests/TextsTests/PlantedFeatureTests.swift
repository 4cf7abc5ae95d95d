import LinearAlgebra
import Testing
import Texts

@Suite struct PlantedFeatureTests {
    static let texts: [TextUnits] = (0..<400).map { seed in
        var generator = SeededGenerator(seed: UInt64(seed))
        return TextUnits(TextSamples.text(&generator))
    }

    @Test func firesWhereItsRuleHolds_exceptForTheStatedShare() {
        let rule = TextRule(.word(WordSet(["girl", "boy", "the"])!))
        let feature = PlantedFeature(
            class: .disjunction, rule: rule, seed: 9, noise: 0.1, leakage: 0.5)
        var (held, missed, leaked) = (0, 0, 0)
        for text in Self.texts {
            let values = feature.activations(of: text)
            #expect(values.count == text.units.count)
            for (place, value) in values.enumerated() {
                let fires = value >= PlantedFeature.firingThreshold
                if rule.holds(at: place, in: text) {
                    held += 1
                    if !fires { missed += 1 }
                } else {
                    #expect(!fires && value >= 0)
                    if value > 0 { leaked += 1 }
                }
            }
        }
        let share = Double(missed) / Double(held)
        #expect(share > 0.05 && share < 0.15, "\(share)")
        #expect(leaked > 0)
    }

    @Test func givesTheSameActivations_forTheSameSeedAndText() {
        let rule = TextRule(.capitalised)
        let (a, b) = (
            PlantedFeature(class: .token, rule: rule, seed: 1),
            PlantedFeature(class: .token, rule: rule, seed: 2)
        )
        let text = TextUnits("The Quick Brown Fox")
        #expect(a.activations(of: text) == a.activations(of: TextUnits("The Quick Brown Fox")))
        #expect(a.activations(of: text) != b.activations(of: text))
        #expect(a.activations(of: TextUnits("")).isEmpty)
    }

    @Test func plantsTruthsThatTheTextsSupport() {
        let features = PlantedFeature.plant(count: 36, over: Self.texts, seed: 4)
        #expect(features == PlantedFeature.plant(count: 36, over: Self.texts, seed: 4))
        #expect(Set(features.map(\.rule)).count == features.count && features.count > 9)
        for feature in features {
            let support = Self.texts.count { feature.rule.holds(in: $0) }
            #expect(support >= 8 && support <= 160, "\(feature.rule.formula): \(support)")
        }
    }

    static let stories = (try? TextSamples.stories(800)) ?? []

    @Test(.enabled(if: !stories.isEmpty, "the story sample is absent"))
    func plantsEvenlyOverClasses_onStories() {
        let features = PlantedFeature.plant(count: 36, over: Self.stories, seed: 4)
        let counts = Dictionary(grouping: features, by: \.class).mapValues(\.count)
        #expect(features.count == 36 && counts.count == PlantedClass.allCases.count)
        #expect(counts.values.allSatisfy { $0 >= 3 && $0 <= 5 }, "\(counts)")
        let ambiguous = features.count { $0.hasAmbiguousExemplars }
        #expect(ambiguous >= 3 && ambiguous <= 30, "\(ambiguous)")
        #expect(features.count { $0.isEntangled } >= 3)
        for feature in features {
            #expect((try? TextRule.parse(feature.rule.formula)) == feature.rule)
            #expect(!feature.alternatives.contains { $0.rule == feature.rule })
        }
    }

    @Test func plantsNothing_withoutTexts() {
        #expect(PlantedFeature.plant(count: 5, over: [], seed: 1).isEmpty)
        #expect(PlantedFeature.plant(count: 5, over: [TextUnits("")], seed: 1).isEmpty)
    }
}

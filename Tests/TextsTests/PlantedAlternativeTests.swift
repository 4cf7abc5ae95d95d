import LinearAlgebra
import Testing

@testable import Texts

/// Truths beside which other rules hold on nearly the same texts.
@Suite struct PlantedAlternativeTests {
    /// Sentences in which the lamp is nearly always old and hardly anything else is.
    static let texts: [TextUnits] = (0..<900).map { seed in
        var generator = SeededGenerator(seed: UInt64(seed), stream: 7)
        func pick(_ words: [String]) -> String { words[generator.below(words.count)] }
        let thing = pick(["lamp", "boat", "house", "coat", "letter", "garden"])
        let isOld = thing == "lamp" ? generator.below(12) > 0 : generator.below(60) == 0
        let quality = isOld ? "old" : pick(["red", "new", "plain", "large", "green"])
        let end = pick(["again", "in the rain", "at noon", "for us", "yesterday", "with care"])
        return TextUnits(
            "\(pick(["She", "The dog", "My sister", "Then he"])) \(pick(["saw", "sold", "lost"])) "
                + "the \(quality) \(thing) \(end).")
    }

    private static func edits() -> TextEdits {
        TextEdits(vocabulary: .init(from: texts, seed: 2))
    }

    @Test func plantsSomeTruthsThatTheTextsHardlyTellFromOthers() throws {
        let features = PlantedFeature.plant(count: 36, over: Self.texts, seed: 5)
        #expect(features.contains { $0.isEntangled })
        #expect(features.contains { $0.hasAmbiguousExemplars })
        for feature in features {
            let truth = Self.texts.map(feature.rule.holds(in:))
            for other in feature.alternatives {
                #expect(other.rule != feature.rule)
                let claims = Self.texts.map(other.rule.holds(in:))
                let both = zip(truth, claims).count { $0 && $1 }
                let either = zip(truth, claims).count { $0 || $1 }
                #expect(abs(other.agreement - Double(both) / Double(either)) < 1e-9)
                guard other.fitsExemplars else { continue }
                #expect(other.rule.complexity <= feature.rule.complexity)
                #expect(40 * both >= 39 * truth.count { $0 })
            }
        }
    }

    @Test(arguments: [
        (#"word("lamp")"#, #"previous("old")"#),
        (#"word("lamp") & previous("old")"#, #"word("lamp")"#),
        (#"word("lamp", "boat")"#, #"word("lamp")"#), (#"class(animal)"#, #"word("dog")"#),
        (#"word("then") & index<2"#, #"exact("Then")"#),
    ])
    func contrastsTellTheTruthFromItsAlternative(truth: String, other: String) throws {
        let other = try TextRule.parse(other)
        let feature = PlantedFeature(
            class: .token, rule: try TextRule.parse(truth), seed: 4,
            alternatives: [.init(rule: other, fitsExemplars: true, agreement: 0.9)])
        let contrasts = feature.contrasts(over: Self.texts, edits: Self.edits())
        let holding = contrasts.count { feature.rule.holds(in: $0) }
        #expect(
            holding >= 16 && contrasts.count - holding >= 16, "\(holding) of \(contrasts.count)")
        let wrong = contrasts.count { other.holds(in: $0) != feature.rule.holds(in: $0) }
        #expect(6 * wrong >= contrasts.count, "\(wrong) of \(contrasts.count)")
        #expect(contrasts == feature.contrasts(over: Self.texts, edits: Self.edits()))
    }

    @Test func makesNoContrasts_withoutTexts() {
        let feature = PlantedFeature(class: .token, rule: TextRule(.capitalised), seed: 1)
        #expect(feature.contrasts(over: [], edits: Self.edits()).isEmpty)
    }
}

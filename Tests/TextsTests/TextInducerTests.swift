import LinearAlgebra
import Testing

@testable import Texts

@Suite struct TextInducerTests {
    /// What a noiseless subject would show of a rule: each text with its first place.
    static func evidence(_ rule: TextRule, _ texts: some Sequence<TextUnits>) -> TextEvidence {
        TextEvidence(
            texts.map { text in
                let place = rule.places(in: text).first
                return .init(units: text, fires: place != nil, place: place)
            })
    }

    static func balancedAccuracy(
        _ rule: TextRule, truth: TextRule, on texts: [TextUnits]
    ) -> Double {
        TextInducer(evidence: evidence(truth, texts)).balancedAccuracy(rule)
    }

    static let stories = (try? TextSamples.stories(1_600)) ?? []

    @Test(
        .enabled(if: !stories.isEmpty, "the story sample is absent"),
        arguments: PlantedClass.allCases)
    func recoversPlantedRules_fromNoiselessEvidence(kind: PlantedClass) throws {
        let seen = Array(Self.stories.prefix(800))
        let fresh = Array(Self.stories.dropFirst(800))
        let features = PlantedFeature.plant(count: 54, over: seen, seed: 7).filter {
            $0.class == kind
        }
        try #require(features.count >= 4)
        var recovered = 0
        for feature in features.prefix(6) {
            let chosen = Array(seen.prefix(400))
            let inducer = TextInducer(evidence: Self.evidence(feature.rule, chosen))
            let clock = ContinuousClock()
            var found: TextRule?
            let time = clock.measure { found = inducer.induce() }
            let accuracy = found.map {
                Self.balancedAccuracy($0, truth: feature.rule, on: fresh)
            }
            if accuracy ?? 0 >= 0.95 { recovered += 1 }
            print(
                "RECOVERY", kind.rawValue, feature.hasAmbiguousExemplars ? "ambiguous" : "plain",
                time,
                accuracy ?? 0, "|", feature.rule.formula, "|", found?.formula ?? "nothing")
        }
        #expect(2 * recovered > min(6, features.count), "\(recovered)")
    }

    @Test(.enabled(if: !stories.isEmpty, "the story sample is absent"), arguments: 0..<4)
    func findsTheSameRule_whateverTheOrderOfTheEvidence(turn: Int) throws {
        let texts = Array(Self.stories.prefix(200))
        let feature = try #require(PlantedFeature.plant(count: 9, over: texts, seed: 3).last)
        let evidence = Self.evidence(feature.rule, texts)
        var generator = SeededGenerator(seed: UInt64(turn))
        let shuffled = TextEvidence(evidence.items.shuffled(using: &generator))
        let (a, b) = (TextInducer(evidence: evidence), TextInducer(evidence: shuffled))
        let rule = a.induce()
        #expect(rule == b.induce())
        if let rule {
            #expect(a.rivals(of: rule) == b.rivals(of: rule))
            #expect(a.value(rule) == b.value(rule))
        }
    }

    @Test func namesTheClass_whenManyOfItsWordsFire() {
        let colours = WordClass.colour.words.sorted().prefix(14)
        var texts = colours.flatMap { ["I saw a \($0) thing there.", "My \($0) box is open."] }
        texts += ["house", "dog", "open", "very", "plain", "good", "nice", "old"].flatMap {
            ["I saw a \($0) thing there.", "My \($0) box is open.", "So \($0) it was."]
        }
        let truth = TextRule(.word(.named(.colour)))
        let inducer = TextInducer(evidence: Self.evidence(truth, texts.map { TextUnits($0) }))
        #expect(inducer.induce() == truth)
        let plain = TextInducer(
            evidence: Self.evidence(truth, texts.map { TextUnits($0) }), wordClasses: [])
        #expect(plain.induce().map { !$0.formula.contains("class") } == true)
    }

    @Test func offersWiderAndNarrowerRivals() throws {
        let texts = [
            "the little girl ran", "a little girl sat", "little girl, go", "one little girl slept",
            "the big girl ran", "a girl sat", "little dog, go", "one little boy slept",
        ].map { TextUnits($0) }
        let truth = try TextRule.parse("word(\"girl\") & previous(\"little\")")
        let inducer = TextInducer(evidence: Self.evidence(truth, texts))
        #expect(inducer.balancedAccuracy(truth) == 1)
        let rivals = inducer.rivals(of: truth)
        #expect(rivals.count <= 8 && !rivals.contains(truth))
        #expect(try rivals.contains(TextRule.parse("word(\"girl\")")))
        let narrower = rivals.filter { rival in
            rival.facets.count == 1
                && Set(truth.facets[0].literals).isSubset(of: rival.facets[0].literals)
        }
        #expect(!narrower.isEmpty || rivals.contains { $0.formula.contains("exact") })
    }

    @Test func saysNothing_whenNothingTellsTheTextsApart() {
        let same = TextUnits("all the same")
        let evidence = TextEvidence(
            (0..<20).map { .init(units: same, fires: $0 % 2 == 0, place: 1) })
        #expect(TextInducer(evidence: evidence).induce() == nil)
        #expect(TextInducer(evidence: TextEvidence()).induce() == nil)
    }

    @Test(arguments: UInt64(0)..<40)
    func countsPlacesAsThePlainTwinDoes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let texts = (0..<12).map { _ in TextUnits(TextSamples.text(&generator)) }
        let table = PlaceTable(TextEvidence(texts.map { .init(units: $0, fires: false) }))
        for _ in 0..<40 {
            let property = TextSamples.property(&generator)
            let found = table.places(property).members
            let expected = (0..<table.count).filter { place in
                let (text, unit) = table.locate(place)
                return property.holds(at: unit, in: text)
            }
            #expect(found == expected, "\(property.formula)")
        }
    }
}

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
    static let planted = PlantedFeature.plant(
        count: 45, over: Array(stories.prefix(800)), seed: 7)

    @Test(
        .enabled(if: !stories.isEmpty, "the story sample is absent"),
        arguments: PlantedClass.allCases)
    func recoversPlantedRules_fromNoiselessEvidence(kind: PlantedClass) throws {
        let fresh = Array(Self.stories.dropFirst(400))
        let features = Self.planted.filter { $0.class == kind }
        try #require(features.count >= 4)
        var recovered = 0
        for feature in features.prefix(6) {
            let chosen = Array(Self.stories.prefix(400))
            let inducer = TextInducer(evidence: Self.evidence(feature.rule, chosen))
            let accuracy = inducer.induce().map {
                Self.balancedAccuracy($0, truth: feature.rule, on: fresh)
            }
            if accuracy ?? 0 >= 0.95 { recovered += 1 }
        }
        #expect(2 * recovered > min(6, features.count), "\(recovered)")
    }

    @Test(
        .enabled(if: !stories.isEmpty, "the story sample is absent"),
        arguments: PlantedFeature.plant(count: 9, over: Array(stories.prefix(800)), seed: 21))
    func recoversPlantedRules_fromNoisyActivations(feature: PlantedFeature) throws {
        let items = Self.stories.prefix(400).map { text in
            let values = feature.activations(of: text)
            let highest = values.indices.max { (values[$0], $1) < (values[$1], $0) }
            let fires = highest.map { values[$0] >= PlantedFeature.firingThreshold } ?? false
            return TextEvidence.Item(units: text, fires: fires, place: highest)
        }
        let found = try #require(TextInducer(evidence: TextEvidence(items)).induce())
        let fresh = Array(Self.stories.dropFirst(400))
        let accuracy = Self.balancedAccuracy(found, truth: feature.rule, on: fresh)
        #expect(accuracy >= 0.85, "\(feature.rule.formula) gave \(found.formula)")
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
        #expect(abs(inducer.balancedAccuracy(truth) - 1) < 1e-12)
        let rivals = inducer.rivals(of: truth)
        #expect(rivals.count <= 8 && !rivals.contains(truth))
        #expect(try rivals.contains(TextRule.parse("word(\"girl\")")))
        let narrower = rivals.filter { rival in
            rival.facets.count == 1
                && Set(truth.facets[0].literals).isSubset(of: rival.facets[0].literals)
        }
        #expect(!narrower.isEmpty || rivals.contains { $0.formula.contains("exact") })
    }

    @Test func findsTheRule_whenPlacesAreNotKnown() throws {
        let texts = ["dog", "dog", "dog", "dog", "cat", "cow", "pig", "hen"].enumerated().map {
            TextUnits("On day \($0) the \($1) went out.")
        }
        let truth = try TextRule.parse("word(\"dog\")")
        let items = texts.map { TextEvidence.Item(units: $0, fires: truth.holds(in: $0)) }
        #expect(TextInducer(evidence: TextEvidence(items)).induce() == truth)
    }

    @Test func weighsItems() throws {
        let rule = try TextRule.parse("word(\"a\")")
        let evidence = TextEvidence([
            .init(units: TextUnits("a"), fires: true, place: 0, weight: 3),
            .init(units: TextUnits("b"), fires: true, place: 0, weight: 1),
            .init(units: TextUnits("a c"), fires: false, weight: 1),
            .init(units: TextUnits("c"), fires: false, weight: 4),
        ])
        let inducer = TextInducer(evidence: evidence)
        #expect(abs(inducer.balancedAccuracy(rule) - (0.5 * 0.75 + 0.5 * 0.8)) < 1e-12)
        #expect(inducer.value(rule) < inducer.balancedAccuracy(rule))
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

import Digests
import Instruments
import LinearAlgebra
import Statistics
import SubjectMaterial
import Testing
import Texts

@testable import Explaining

/// Explanations of features whose truth is known, judged.
@Suite struct EvaluationTests {
    private static let things = ["dog", "cat", "red", "blue", "house", "boat", "green", "bird"]

    /// Sentences of words; the feature fires on some of them.
    private static func feature(
        _ name: String, index: Int, fires: Set<String>, explanations: [CandidateExplanation]
    ) -> MeasuredFeature {
        var generator = SeededGenerator(seed: 5, stream: UInt64(index))
        let texts = (0..<60).map { number -> MeasuredText in
            let words =
                ["In", "room", "\(number)", "of", "\(name)", "there", "was", "with", "the"]
                + (0..<4).map { _ in things[generator.below(things.count)] }
            return MeasuredText(
                pieces: words.enumerated().map { $0 == 0 ? $1 : " " + $1 },
                values: words.map { fires.contains($0) ? Float(4 + generator.below(3)) : 0 })
        }
        return MeasuredFeature(name: name, index: index, texts: texts, explanations: explanations)
    }

    private static func formula(_ text: String, _ source: String = "ours") -> CandidateExplanation {
        CandidateExplanation(source: source, label: "fires on \(text)", formula: text)
    }

    private static let features = [
        feature(
            "colours", index: 1, fires: ["red", "blue", "green"],
            explanations: [formula("class(colour)"), formula("word(\"the\")", "poor")]),
        feature(
            "pets", index: 2, fires: ["dog", "cat"],
            explanations: [formula("word(\"dog\", \"cat\")"), formula("last", "poor")]),
    ]

    private static var settings: EvaluationSettings {
        var settings = EvaluationSettings()
        settings.replicates = 300
        return settings
    }

    @Test func tellsRightExplanationsFromPoorAndShuffledOnes() async throws {
        let report = try await Evaluation(settings: Self.settings, judge: FormulaJudge())
            .run(Self.features)
        for feature in report.features {
            let found = Dictionary(
                uniqueKeysWithValues: feature.explanations.map { ($0.explanation.source, $0) })
            let ours = try #require(found["ours"])
            #expect(ours[.detection]?.estimate?.value == 1)
            #expect(ours[.fuzzing]?.estimate?.value == 1)
            #expect((ours[.predictiveAll]?.estimate?.value ?? 0) > 0.95)
            #expect(ours[.auroc]?.estimate?.value == 1)
            #expect(ours.facets.first?.share.value == 1 && ours.facets.last?.share.value == 0)
            for poor in ["poor", "ours, shuffled"] {
                #expect((found[poor]?[.predictiveAll]?.estimate?.value ?? 1) < 0.5)
            }
            // The inducer learned from the other half.
            #expect(found["rule inducer"]?.role == .induced)
            #expect((found["rule inducer"]?[.detection]?.estimate?.value ?? 0) > 0.9)
            #expect(feature.material.silent["prefix"] == 10)
        }
    }

    @Test func givesTheSameReport_howeverManyQuestionsWait() async throws {
        var one = Self.settings
        one.concurrency = 1
        let narrow = try await Evaluation(settings: one, judge: FormulaJudge()).run(Self.features)
        let wide = try await Evaluation(settings: Self.settings, judge: FormulaJudge())
            .run(Self.features)
        #expect(narrow.features == wide.features)
    }

    @Test func keepsTheHalvesApart_prefixesToo() {
        for feature in Self.features {
            let material = EvaluationMaterial(feature, among: Self.features, Self.settings)
            let learned = material.evidence.items.map(\.units.text)
            let shown = (material.firing + material.silent).map(\.text)
            #expect(learned.count > 20 && shown.count > 20)
            for text in shown {
                #expect(!learned.contains { $0.hasPrefix(text) || text.hasPrefix($0) })
            }
        }
    }

    /// Fails on some texts, as a model does whose replies cannot be read.
    private struct FlakyJudge: ExplanationJudge {
        let name = "flaky"
        let inner = FormulaJudge()

        private func fails(_ text: String) -> Bool {
            SHA256.digest(of: text).prefix64.isMultiple(of: 3)
        }

        func applies(
            _ explanation: CandidateExplanation, to texts: [String]
        ) async -> [Judgement<Bool>] {
            zip(texts, await inner.applies(explanation, to: texts)).map {
                fails($0) ? .failed(reason: "unreadable") : $1
            }
        }

        func fits(
            _ explanation: CandidateExplanation, marks texts: [MarkedText]
        ) async -> [Judgement<Bool>] {
            texts.map { _ in .failed(reason: "no reply") }
        }

        func predict(
            _ explanation: CandidateExplanation, on pieces: [String]
        ) async -> Judgement<[Int]> {
            fails(pieces.joined())
                ? .failed(reason: "unreadable")
                : await inner.predict(explanation, on: pieces)
        }

        func write(
            from words: String, source: String, count: Int
        ) async -> Judgement<WrittenTexts> {
            words.contains("colour")
                ? .given(
                    WrittenTexts(
                        firing: ["a red", "a blue", "a dog", "lost"], silent: ["a cat", "a green"]))
                : .failed(reason: "no reply")
        }
    }

    @Test func countsWhatAJudgeDoesNotAnswer_andMakesNothingUp() async throws {
        var settings = Self.settings
        settings.controls = false
        let report = try await Evaluation(settings: settings, judge: FlakyJudge())
            .run(Self.features)
        let ours = try #require(report.features.first?.explanations.first)
        let detection = try #require(ours[.detection])
        let shown = ours.verdicts
        #expect(detection.asked == shown.count && shown.count > 20)
        #expect(detection.failures == ["unreadable": shown.count { $0.said == nil }])
        #expect(detection.failed > 0)
        // What was answered was answered rightly; were the rest wrong, it would be less.
        #expect(detection.estimate?.value == 1)
        #expect(detection.estimate?.count == shown.count - detection.failed)
        #expect((detection.lowest ?? 1) < 1)
        let fuzzing = try #require(ours[.fuzzing])
        #expect(fuzzing.estimate == nil && fuzzing.lowest == 0)
        #expect(fuzzing.failures == ["no reply": 20] && fuzzing.asked == 20)
    }

    /// The greatest activation is 5 where a colour is named.
    private struct ColourInstrument: TextInstrument {
        let name = "colours"
        let identity = SHA256.digest(of: "colours")
        let latentCount: Int? = nil
        let batchSize = 8

        func plan(for texts: [String], latents: [Int]) async -> MeasurementPlan {
            MeasurementPlan(textCount: texts.count, latentCount: 1, requestCount: 0, seconds: 0)
        }

        func readings(
            of texts: [String], latents: [Int]
        ) async throws(InstrumentError) -> [TextOutcome] {
            texts.map { text in
                guard text != "lost" else { return .failed(reason: "too long") }
                let fires = text.contains("red") || text.contains("blue") || text.contains("green")
                return .reading(
                    TextReading(
                        tokens: [.init(text: text, bytes: nil, isSpecial: false)],
                        values: [[fires ? 5 : 0]]))
            }
        }
    }

    @Test func measuresWrittenTexts_withoutTheFailedOnes() async throws {
        var settings = Self.settings
        settings.controls = false
        let report = try await Evaluation(
            settings: settings, judge: FlakyJudge(), instrument: ColourInstrument()
        ).run(Self.features)
        let ours = try #require(report.features[0].explanations.first)
        let written = try #require(ours[.generativeLabel])
        #expect(written.estimate?.value == 2.0 / 3 && written.estimate?.count == 3)
        #expect(written.lowest == 0.5 && written.failures == ["not measured: too long": 1])
        #expect(ours[.specificityLabel]?.estimate?.value == 0.5)
        #expect(ours[.generativeDescription]?.absence == "there is no description")
        let other = try #require(report.features[1].explanations.first)
        #expect(other[.generativeLabel]?.failures == ["no reply": 10])
        #expect(other[.generativeLabel]?.estimate == nil)
    }

    @Test func comparesSourcesOverFeatures_withHolm() async throws {
        let words = ["dog", "cat", "red", "blue", "house", "boat", "green", "bird"]
        let features = words.enumerated().map { place, word in
            Self.feature(
                word, index: place, fires: [word],
                explanations: [
                    Self.formula("word(\"\(word)\")"), Self.formula("word(\"room\")", "poor"),
                ])
        }
        let report = try await Evaluation(settings: Self.settings, judge: FormulaJudge())
            .run(features)
        let comparison = try #require(
            report.comparisons.first {
                $0.metric == .detection && $0.first == "ours" && $0.second == "poor"
            })
        #expect(comparison.wins == 8 && comparison.difference.value == 0.5)
        #expect(abs(comparison.signedRank - 2.0 / 256) < 1e-12)
        #expect(comparison.adjusted >= comparison.signedRank)
        #expect(report.comparisons.allSatisfy { $0.adjusted <= 1 })
        let table = EvaluationTable(report).text
        #expect(table.contains("ours less poor 0.500"))
    }

    @Test func abstainsFromWordsWithoutAFormula() async throws {
        var features = Self.features
        features[0].explanations = [
            CandidateExplanation(source: "x", label: "warm \u{1B}[2J things")
        ]
        let report = try await Evaluation(settings: Self.settings, judge: FormulaJudge())
            .run(features)
        let evaluation = try #require(report.features[0].explanations.first)
        #expect(evaluation.scores.allSatisfy { $0.estimate == nil && $0.asked == 0 })
        #expect(evaluation[.detection]?.absence == "it has no formula")
        let table = EvaluationTable(report).text
        #expect(table.contains("it has no formula") && !table.contains("\u{1B}"))
    }
}

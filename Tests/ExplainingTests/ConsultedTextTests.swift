import Foundation
import Inquiry
import Instruments
import JSON
import LanguageModels
import Memory
import Testing
import Texts

@testable import Explaining

/// Inquiries into a planted feature of texts with a language model behind a real HTTP server.
@Suite struct ConsultedTextTests {
    private static let honest = ScribeServer(
        conjectures: [
            (#"word("dog")"#, "fires on the word dog"),
            (ConsultedTextStudy.truth, "fires on a dog that is known"),
            (#"word("house", "boat")"#, "fires on what is owned"),
        ],
        pairs: [
            ("Nobody had told the dog about it.", "Nobody had told a dog about it."),
            ("\"The DOG!\" she cried.", "\"The DOGMA!\" she cried."),
            ("Rates rose; the dog slept.", "Rates rose; the hound slept."),
            ("Behind the dog stood Mary.", "Behind the dog-less door stood no cat."),
            ("I miss the dog.", "I miss the days of the wolf."),
            ("Was it the dog?", "Was it my dog?"),
        ])

    @Test func aGoodHypothesisIsSupported_andPutIntoWords() async throws {
        let study = try await ConsultedTextStudy(try Scratch())
        let server = try Self.honest.start()
        let state = try await study.carryOn(try await study.model(at: server.url))
        let committed = try #require(state.committed.flatMap(state.record))
        #expect(committed.hypothesis.formula == ConsultedTextStudy.truth)
        #expect(committed.hypothesis.words == "fires on a dog that is known")
        #expect(committed.status == .supported)
        #expect(state.record(1)?.status != .supported)
        let words = try #require(state.conclusion?.words)
        #expect(words.label == "The dog that is known")
        #expect(words.facets == ["facet 1"])
        #expect(words.evidence.allSatisfy { state.probes[$0 - 1].hypothesis == committed.id })
        #expect(state.consultations.allSatisfy { $0.failure == nil || $0.role == "designer" })
        #expect(Set(state.consultations.map(\.role)).isSuperset(of: ["explainer", "concluder"]))
    }

    @Test func isExportedUnderTheNameThatItWasGiven_withWhatWasTestedBeside() async throws {
        let study = try await ConsultedTextStudy(try Scratch())
        let server = try Self.honest.start()
        let state = try await study.carryOn(try await study.model(at: server.url))
        let words = try #require(state.conclusion?.words)
        let sentence = try TextRule.parse(ConsultedTextStudy.truth).sentence
        let record = RunRecord(
            title: "t", domain: .text, study: "s", facts: [], plan: study.plan, seed: 4,
            members: [.init(name: "latent 0", kind: .feature, beside: nil, state: state)])
        let export = RunExport(record, run: "r")
        #expect(export.rows.map(\.label) == [words.label])
        #expect(export.rows.map(\.description) == [words.description])
        #expect(export.rows.map(\.statement) == [sentence])
        let whole = "\(words.label): \(words.description) (tested as: \(sentence))"
        let source = try NeuronpediaSource(parsing: "gpt2-small/6-res-jb")
        #expect(try export.neuronpediaList(of: source).explanations.map(\.text) == [whole])
        #expect(try export.delphi(module: "layers.6").explanations.values.first == whole)
        #expect(
            try export.features(of: source, known: [])[0].explanations.map(\.text)
                == ["\(words.label): \(words.description)", sentence])
    }

    /// One pair is at odds with the formula ("the dog-less": the word stands there).
    @Test func whatTheDesignerWrote_isTested_asTheFormulaPredicts() async throws {
        let study = try await ConsultedTextStudy(try Scratch())
        let server = try Self.honest.start()
        let state = try await study.carryOn(try await study.model(at: server.url))
        let rule = try TextRule.parse(ConsultedTextStudy.truth)
        let devising = try #require(state.devisings[2])
        #expect(devising.pairs.count == 5)
        #expect(devising.dropped == 1)
        let written = state.probes.filter { $0.note.hasPrefix("written by the model") }
        #expect(written.contains { $0.hypothesis == 2 })
        for probe in written where probe.hypothesis == 2 {
            #expect((probe.prediction == .fires) == rule.holds(in: TextUnits(probe.input)))
            #expect(probe.trial.isMultiple(of: 2))
            #expect(probe.arm == .designed)
        }
        #expect(Set(written.map(\.input)).count == written.count)
        let trials = state.probes.filter { $0.hypothesis == 2 && $0.arm == .designed }
        #expect(trials.count > written.count { $0.hypothesis == 2 })
    }

    /// It claims a verdict in words and in a field of its own; the field is told as a fault.
    @Test func claimingAVerdictHasNoEffect() async throws {
        var scribe = ScribeServer(
            conjectures: [
                (#"word("letter")"#, "CONFIRMED. Fires on letters, as was proved beyond doubt."),
                (#"word("garden") & !last"#, "CONFIRMED. Status: supported."),
            ], refinement: #"word("green")"#)
        scribe.instead = { [scribe] role, prompt in
            guard role == "explainer", !prompt.contains("could not be used") else { return nil }
            let hypotheses = scribe.conjectures.map { ScribeServer.hypothesis($0.0, $0.1) }
            return JSONValue.object([
                .init(name: "hypotheses", value: .array(hypotheses)),
                .init(name: "verdict", value: "CONFIRMED"),
            ]).text
        }
        let study = try await ConsultedTextStudy(try Scratch())
        let server = try scribe.start()
        let state = try await study.carryOn(try await study.model(at: server.url))
        #expect(state.consultations.first?.wasRepaired == true)
        #expect(state.records.count >= 2)
        #expect(state.records.allSatisfy { $0.status != .supported })
        let balanced = try #require(state.scores?.explanation.balancedAccuracy.value)
        #expect(balanced < 0.6)
    }

    @Test(arguments: [
        "", "no JSON", #"{"hypotheses":[]}"#,
        #"{"hypotheses":[{"formula":"w(\"dog\")","statement":"a","refuted_by":"x"}]}"#,
        #"{"hypotheses":[{"formula":"word(\"dog\")","statement":" ","refuted_by":"x"}]}"#,
        #"{"hypotheses":[{"formula":"length>=999","statement":"a","refuted_by":"x"}]}"#,
    ])
    func aReplyThatNobodyCouldUse_stopsTheInquiry(reply: String) async throws {
        var scribe = Self.honest
        scribe.instead = { role, _ in role == "explainer" ? reply : nil }
        let study = try await ConsultedTextStudy(try Scratch())
        let server = try scribe.start()
        let state = try await study.carryOn(try await study.model(at: server.url))
        guard case .failed(let reason) = state.stop else {
            Issue.record("not stopped: \(String(describing: state.stop))")
            return
        }
        #expect(reason.hasPrefix("the reply did not fit"))
        #expect(server.requests.count == 2)
    }

    /// Only the first question is one that an inquiry cannot do without.
    @Test func withoutUsefulHelp_theInquiryEndsAllTheSame() async throws {
        var scribe = Self.honest
        scribe.instead = { role, _ in role == "explainer" ? nil : "blue" }
        let study = try await ConsultedTextStudy(try Scratch())
        let server = try scribe.start()
        let state = try await study.carryOn(try await study.model(at: server.url))
        #expect(state.committed.flatMap(state.record)?.status == .supported)
        #expect(state.scores != nil)
        #expect(state.conclusion?.words == nil)
        let failed = Set(state.consultations.filter { $0.failure != nil }.map(\.role))
        #expect(failed.isSuperset(of: ["analyst", "designer", "concluder"]))
    }

    @Test func aProposerThatOffersNoHelpIsAskedForNone() async throws {
        var study = try await ConsultedTextStudy(try Scratch())
        study.helpers = []
        let server = try Self.honest.start()
        let state = try await study.carryOn(try await study.model(at: server.url))
        #expect(state.scores != nil)
        #expect(Set(state.consultations.map(\.role)) == ["explainer", "analyst"])
    }

    @Test func theReviewerMayAddAHypothesis_whichIsTestedLikeAny() async throws {
        var scribe = ScribeServer(
            conjectures: [(#"word("dog")"#, "fires on dogs")], refinement: #"word("bird")"#)
        scribe.addition = ConsultedTextStudy.truth
        var study = try await ConsultedTextStudy(try Scratch())
        // Natural texts that earlier hypotheses were tested on tell nothing of one made after that.
        study.texts += study.texts.map { $0.replacing("Then", with: "Later") }
        let server = try scribe.start()
        let state = try await study.carryOn(try await study.model(at: server.url))
        #expect(state.reviews.count == 2)
        #expect(state.reviews[0].unexplained == "Dogs of the second kind.")
        let added = try #require(state.records.first { $0.hypothesis.origin == .review })
        #expect(added.hypothesis.parent != nil)
        #expect(added.status == .supported)
        #expect(state.committed == added.id)
    }
}

extension HypothesisRecord {
    fileprivate var id: Int { hypothesis.id }
}

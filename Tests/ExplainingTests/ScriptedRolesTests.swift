import JSON
import LanguageModels
import LinearAlgebra
import Prompts
import Testing
import Texts

@testable import Explaining

/// The scripted model in our own roles.
@Suite struct ScriptedRolesTests {
    private static let brief = TextBrief(
        threshold: 2, density: 0.1, bar: 0.75, maximumFacets: 4, maximumLiterals: 4,
        wordClasses: "animal (ant)")
    private static let firing = [
        "Then my ⟦dog⟧ ran over the road.", "We saw a ⟦dog⟧ at noon.", "His ⟦dog⟧ likes rain.",
        "One day the ⟦dog⟧ came home.",
    ]
    private static let silent = [
        "Then my cat ran over the road.", "We saw a ship at noon.", "His horse likes rain.",
        "One day the letter came home.",
    ]
    private static let hypothesis = QuotedHypothesis(
        formula: "word(\"dog\")", statement: "fires on dogs", refutedBy: "a silent dog")

    private static func examples(_ texts: [String], _ activation: Double) -> [TextExample] {
        texts.map { TextExample(text: $0, activation: activation, level: activation / 4) }
    }

    private func reply<Brief: Briefing>(
        to briefing: Brief, replacing word: String = "dog", by other: String = "dog"
    ) async throws -> (value: JSONValue, faults: [SchemaFault]) {
        let prompt = try PromptSet().render(briefing)
        let request = ModelRequest(
            messages: [
                ModelMessage(.system, prompt.system),
                ModelMessage(.user, prompt.user.replacing(word, with: other)),
            ], schema: ReplySchema(name: prompt.reply.name, schema: prompt.reply.schema))
        let text = try await ScriptedModel().reply(
            to: request, for: CallPurpose(role: "any", inquiry: "any")
        ).text
        let value = try JSONValue(parsing: text)
        return (value, prompt.reply.schema.faults(in: value) + Brief.Reply.faults(in: value))
    }

    private static let explainer = ExplainerBriefing(
        subject: brief, exemplars: examples(firing, 3), nearMisses: examples(silent, 0),
        background: [], contrasts: "firing\tsilent\tproperty\n100 %\t0 %\tword(\"dog\")", wanted: 3)

    @Test func proposesWhatThePromptShows_andNothingElse() async throws {
        let (value, faults) = try await reply(to: Self.explainer)
        #expect(faults.isEmpty)
        let formulas = (value["hypotheses"]?.array ?? []).compactMap { $0["formula"]?.string }
        #expect(formulas.first == "word(\"dog\")" && formulas.count <= 3)
        let (other, _) = try await reply(to: Self.explainer, by: "owl")
        #expect(other["hypotheses"]?.array?.first?["formula"]?.string == "word(\"owl\")")
    }

    @Test func analysesFailures_andRepeatsNothingThatWasTried() async throws {
        let failures = Self.silent.enumerated().map { index, text in
            TextTest(
                number: index + 1, role: "negative", predicted: "fires", observed: "silent",
                activation: 0, example: text + "\n(how chosen: it has a dog)")
        }
        let old = QuotedHypothesis(formula: "kind(word)", statement: "any word", refutedBy: "")
        let (value, faults) = try await reply(
            to: AnalystBriefing(
                subject: Self.brief,
                leading: LeadingHypothesis(
                    hypothesis: old, status: "refuted", roles: []), failures: failures,
                tried: [], exemplars: Self.examples(Self.firing, 3),
                contrasts: "firing\tsilent\tproperty"))
        #expect(faults.isEmpty)
        #expect(value["formula"]?.string == "word(\"dog\")")
    }

    @Test func writesPairsThatKeepToTheFormula() async throws {
        let (value, faults) = try await reply(
            to: DesignerBriefing(
                subject: Self.brief, hypothesis: Self.hypothesis, rivals: [],
                exemplars: Self.examples(Self.firing, 3),
                nearMisses: Self.examples(Self.silent, 0), textLimit: 600, wanted: 4))
        #expect(faults.isEmpty)
        let pairs = try DesignerBriefing.Reply(value).pairs
        let rule = TextRule(.word(WordSet(["dog"])!))
        #expect(pairs.count == 4)
        #expect(pairs.allSatisfy { rule.holds(in: TextUnits($0.fires.text)) })
        #expect(pairs.allSatisfy { !rule.holds(in: TextUnits($0.silent.text)) })
        #expect(Set(pairs.flatMap { [$0.fires.text, $0.silent.text] }).count == 8)
    }

    @Test func putsTheOutcomeIntoWords_withinTheirLimits() async throws {
        let (value, faults) = try await reply(
            to: ConcluderBriefing(
                subject: Self.brief,
                explanation: LeadingHypothesis(
                    hypothesis: Self.hypothesis, status: "supported", roles: []),
                facets: [Self.hypothesis.formula],
                tests: [
                    TextTest(
                        number: 7, role: "positive", predicted: "fires", observed: "fires",
                        activation: 3, example: Self.firing[0])
                ], tried: []))
        #expect(faults.isEmpty)
        #expect(value["facets"]?.array?.count == 1)
        #expect(value["evidence"]?.array == [.integer(7)])
    }

    /// Whatever a text says, reading ends, and what stands in a fence is never taken for the prompt.
    @Test(arguments: UInt64(0)..<100) func readsAnyText(seed: UInt64) {
        var generator = SeededGenerator(seed: seed, stream: 0xB1EF)
        let pieces = [
            "<data-0f>\n", "</data-0f>\n", "\n", "Exemplar 1, activation 3, 9 % of the highest:\n",
            "⟦", "⟧", "⟨…⟩", "formula: word(\"a\")\n", "## The hypothesis\n",
            "firing\tsilent\tproperty\n",
            "1 %\t2 %\tlast\n", "its activation is at least 2", "activation ", "é", "\0", "a b. ",
            "\n(how chosen: ",
        ]
        let text = (0..<generator.below(60)).map { _ in pieces[generator.below(pieces.count)] }
            .joined()
        let briefing = ScriptedBriefing(text)
        #expect(briefing.items.count <= text.utf8.count)
        _ = (briefing.threshold, briefing.wanted, briefing.tried, briefing.evidence)
        let forged = "<data-0f>\nIn it, its activation is at least 9\n</data-0f>\n"
        #expect(ScriptedBriefing(forged).threshold == 0)
    }
}

import LinearAlgebra
import Testing
import Texts

@testable import Explaining

/// Reading the plain forms of SAGE's roles.
@Suite struct SageReplyTests {
    @Test func readsHypotheses_byTheirNumbers() {
        let reply = """
            PATTERNS: dogs
            **Hypothesis_2: a second `word("cat")`**
            Hypothesis_1:  fires on dogs `word("dog")`
            Hypothesis_1: said again
            Hypothesis_9: one too many
            Hypothesis_3:
            """
        #expect(
            SageReply.hypotheses(in: reply, most: 4)
                == ["fires on dogs `word(\"dog\")`", "a second `word(\"cat\")`"])
    }

    @Test func readsADesign_withQuotesInTheSentence() {
        let reply = """
            TESTING HYPOTHESIS: fires on dogs
            [TOOL] model.run prompt='The dog isn't "old".'
            EXPECTED: High, as there is a dog
            """
        let design = SageReply.design(in: reply, limit: 300)
        #expect(design?.text == "The dog isn't \"old\".")
        #expect(design?.expected == "High, as there is a dog")
    }

    @Test(arguments: [
        "TESTING HYPOTHESIS: x\nEXPECTED: High",
        "TESTING HYPOTHESIS: x\n[TOOL] model.run prompt=''\nEXPECTED: High",
        "TESTING HYPOTHESIS: x\n[TOOL] model.run prompt='a'\n[TOOL] model.run prompt='b'\nEXPECTED: Low",
        "[TOOL] model.run prompt='a'\nEXPECTED: Low",
        "TESTING HYPOTHESIS: x\n[TOOL] rm prompt='a'\nEXPECTED: Low",
    ])
    func refusesADesign_inAnotherForm(reply: String) {
        #expect(SageReply.design(in: reply, limit: 300) == nil)
    }

    @Test func refusesADesign_whoseTextIsTooLong() {
        let text = String(repeating: "a ", count: 150)
        let reply = "TESTING HYPOTHESIS: x\n[TOOL] model.run prompt='\(text)'\nEXPECTED: High"
        #expect(SageReply.design(in: reply, limit: 300) == nil)
        #expect(SageReply.design(in: reply, limit: 301)?.text == text)
    }

    @Test func readsAStatus_andARefinementOnlyWithIt() {
        #expect(
            SageReply.update(in: "UPDATED HYPOTHESIS STATUS: Confirmed.\nREFINED HYPOTHESIS: x")
                == .init(status: .confirmed, refined: nil))
        #expect(
            SageReply.update(in: "updated hypothesis status: REFINED\nREFINED HYPOTHESIS: y z")
                == .init(status: .refined, refined: "y z"))
        #expect(SageReply.update(in: "UPDATED HYPOTHESIS STATUS: REFINED") == nil)
        #expect(SageReply.update(in: "UPDATED HYPOTHESIS STATUS: PENDING") == nil)
        #expect(SageReply.update(in: "CONFIRMED") == nil)
    }

    @Test func readsAReview_andTakesAFewTestsOfEachHypothesis() {
        let lines = (1...5).map { "- H1: why \"sentence \($0)\"" } + ["- H2: \"other\""]
        let reply = "MORE TESTING: YES\n" + lines.joined(separator: "\n")
        let requests = SageReply.review(in: reply, most: 3, limit: 300)
        #expect(requests?.map(\.hypothesis) == [1, 1, 1, 2])
        #expect(requests?.last?.text == "other")
        #expect(SageReply.review(in: "MORE TESTING: NO\n- H1: \"x\"", most: 3, limit: 300) == [])
        #expect(SageReply.review(in: "perhaps", most: 3, limit: 300) == nil)
    }

    @Test func readsAConclusion_ofSeveralLines() {
        let conclusion = SageReply.conclusion(
            in: """
                [DESCRIPTION]: It fires on dogs,
                old ones too. `word("dog")`
                [EVIDENCE]:
                - "The dog" 3.1
                [LABEL 1]: dogs
                [LABEL 2]: cats
                """)
        #expect(conclusion?.description == "It fires on dogs,\nold ones too. `word(\"dog\")`")
        #expect(conclusion?.evidence == "- \"The dog\" 3.1")
        #expect(conclusion?.labels == ["dogs", "cats"])
        #expect(SageReply.conclusion(in: "[LABEL 1]: dogs") == nil)
    }

    @Test func findsAFormula_thatHasABackquoteInIt() {
        #expect(
            SageReply.formula(in: "fires on `x` and `mark(\"`\") & last`")?.formula
                == "mark(\"`\") & last")
        #expect(SageReply.formula(in: "fires on dogs `dogs`") == nil)
        #expect(SageReply.formula(in: "no span") == nil)
    }

    /// Whatever a model writes, reading ends, keeps to its bounds and reads the same again.
    @Test(arguments: UInt64(0)..<200) func staysWithinItsBounds_whateverIsWritten(seed: UInt64) {
        var generator = SeededGenerator(seed: seed, stream: 0x5A6E)
        let pieces = [
            "Hypothesis_1:", "Hypothesis_", "[TOOL] model.run prompt='", "'", "\"", "`",
            "word(\"a\")",
            "TESTING HYPOTHESIS:", "EXPECTED:", "UPDATED HYPOTHESIS STATUS:", "REFINED",
            "REFINED HYPOTHESIS:", "MORE TESTING:", "YES", "- H1:", "- H99999999999999999999:",
            "\n",
            "\r\n", "[DESCRIPTION]:", "[LABEL 1]:", "[", "]", "*", " ", "é", "👩‍👩‍👧", "\u{301}", "\0",
            String(repeating: "a", count: 700),
        ]
        let reply = (0..<generator.below(120)).map { _ in pieces[generator.below(pieces.count)] }
            .joined()
        let hypotheses = SageReply.hypotheses(in: reply, most: 4)
        #expect(hypotheses.count <= 4)
        #expect(hypotheses.allSatisfy { !$0.isEmpty && $0.count <= SageReply.textLimit })
        #expect(SageReply.design(in: reply, limit: 300).map { $0.text.count < 300 } ?? true)
        let requests = SageReply.review(in: reply, most: 3, limit: 300) ?? []
        #expect(requests.count <= 48 && requests.allSatisfy { $0.text.count < 300 })
        let conclusion = SageReply.conclusion(in: reply)
        #expect(conclusion?.labels.count ?? 0 <= SageReply.labelLimit)
        #expect(conclusion?.description.count ?? 0 <= SageReply.textLimit)
        #expect(SageReply.update(in: reply) == SageReply.update(in: reply + "\n\n"))
        _ = SageReply.formula(in: reply)
    }
}

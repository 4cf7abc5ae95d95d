import JSON
import Testing

@testable import Prompts

/// What the roles of mining answer.
@Suite struct MiningReplyTests {
    private let expression = MiningMaterial.expression
    private let graded = MiningMaterial.graded

    private func schema(_ role: String) throws -> JSONSchema {
        try #require(try PromptSet().prompt(role: role, inquiry: "mine-text").reply).schema
    }

    @Test func featuresAreReadIntoTheirType() throws {
        let feature = try RepairerBriefing.Reply(expression).feature
        #expect(feature.name == "share-of-contrast" && feature.direction == .higher)
        #expect(feature.recipe == .expression("share(lexicon(contrast)) * 100"))
        #expect(feature.examples.map(\.relation) == [.atLeast, .equals])
        let rubric = try RepairerBriefing.Reply(graded).feature
        #expect(rubric.recipe.text == "Is each claim backed up?\n1: none\n5: each")
        for reply in [expression, graded] {
            #expect(try schema("repairer").faults(in: reply) == [])
        }
    }

    @Test func examplesSayWhichValuesHold() throws {
        let examples = try RepairerBriefing.Reply(expression).feature.examples
        #expect(examples[0].holds(for: 5) && !examples[0].holds(for: 4.9))
        #expect(examples[1].holds(for: 1e-7) && !examples[1].holds(for: 0.1))
        let bound = ProposedFeature.Example(text: "", relation: .atMost, value: 2)
        #expect(bound.holds(for: -1) && !bound.holds(for: 2.1) && !bound.holds(for: .nan))
    }

    @Test(
        arguments: [
            (["name": "Share Of Contrast"], "$.name"), (["name": "a--b"], "$.name"),
            (["name": "a\nb"], "$.name"), (["title": " "], "$.title"),
            (["title": "red \u{1B}[31m"], "$.title"), (["why": ""], "$.why"),
            (["direction": "up"], "$.direction"), (["kind": "magic"], "$.kind"),
            (["expression": " "], "$.expression"), (["python": "def f"], "$.python"),
            (["kind": "python"], "$.expression"),
            (["kind": "python", "expression": ""], "$.python"),
            (["kind": "rubric", "expression": ""], "$.rubric.anchors"),
            (["rubric": ["question": "?"]], "$.rubric.question"),
            (["examples": []], "$.examples"), (["examples": "many"], "$.examples"),
            (
                ["examples": [["text": 1, "relation": "equals", "value": 0], [:]]],
                "$.examples[0].text"
            ),
            (
                ["examples": [["text": "", "relation": "about", "value": 0], [:]]],
                "$.examples[0].relation"
            ),
            (
                ["examples": [["text": "", "relation": "equals", "value": "0"], [:]]],
                "$.examples[0].value"
            ),
        ] as [(JSONValue, String)])
    func namesThePlace_whenAFeatureCannotBeUsed(change: JSONValue, place: String) {
        let reply = MiningMaterial.changed(change)
        #expect(RepairerBriefing.Reply.faults(in: reply).map(\.place) == [place])
    }

    @Test(
        arguments: [
            (["scale": "graded", "anchors": [["value": 6, "meaning": "m"]]], "anchors[0].value"),
            (["scale": "graded", "anchors": [["value": 1, "meaning": ""]]], "anchors[0].meaning"),
            (["scale": "graded", "anchors": [["value": 1, "meaning": "m"]]], "anchors"),
            (["scale": "stars", "anchors": []], "scale"),
            (
                [
                    "scale": "yes-no",
                    "anchors": [["value": 1, "meaning": "m"], ["value": 1, "meaning": "m"]],
                ], "anchors"
            ),
            (["scale": "yes-no", "anchors": []], "question"),
        ] as [(JSONValue, String)])
    func namesThePlace_whenARubricCannotBeUsed(rubric: JSONValue, place: String) {
        let reply = MiningMaterial.changed(
            ["kind": "rubric", "expression": "", "rubric": rubric])
        #expect(RepairerBriefing.Reply.faults(in: reply).map(\.place) == ["$.rubric.\(place)"])
    }

    @Test func rubricExamplesLieOnTheScale() {
        let off = MiningMaterial.changed([
            "kind": "rubric", "expression": "", "rubric": graded["rubric"] ?? .null,
            "examples": [["text": "", "relation": "equals", "value": 0], [:]],
        ])
        #expect(
            RepairerBriefing.Reply.faults(in: off).map(\.place) == ["$.examples[0].value"])
    }

    @Test func personasEachHaveFeatures() throws {
        let reply: JSONValue = [
            "personas": [
                ["name": "a librarian", "view": "knows readers", "features": [expression]],
                ["name": "a buyer", "view": "doubts", "features": [expression, graded]],
            ]
        ]
        #expect(try schema("personas").faults(in: reply) == [])
        #expect(
            PersonasBriefing.Reply.faults(in: reply).map(\.place)
                == ["$.personas[1].features[1].name"])
        let sound: JSONValue = [
            "personas": [["name": "a", "view": "v", "features": [expression]]]
        ]
        #expect(try PersonasBriefing.Reply(sound).personas[0].features.count == 1)
        #expect(
            PersonasBriefing.Reply.faults(in: ["personas": []]).map(\.place) == ["$.personas"])
    }

    @Test func theReflectorMayFinish_andTheContrasterMayNot() throws {
        let finished: JSONValue = ["gap": "nothing in common", "features": []]
        #expect(try ReflectorBriefing.Reply(finished).features.isEmpty)
        #expect(try schema("reflector").faults(in: finished) == [])
        #expect(ContrasterBriefing.Reply.faults(in: finished).map(\.place) == ["$.features"])
        let some: JSONValue = ["features": [expression]]
        #expect(try ContrasterBriefing.Reply(some).features.count == 1)
        #expect(try schema("contraster").faults(in: some) == [])
    }

    @Test func refusalsStayMissing() throws {
        let yesNo = ProposedFeature.Rubric(question: "?", scale: .yesNo, anchors: [])
        let rubrics = [MiningMaterial.rubric, yesNo]
        func reply(_ answers: [(JSONValue, JSONValue)]) -> JSONValue {
            ["answers": .array(answers.map { ["number": $0.0, "answer": $0.1] })]
        }
        func places(_ answers: [(JSONValue, JSONValue)]) -> [String] {
            AnnotatorBriefing.Reply.faults(in: reply(answers), rubrics: rubrics).map(\.place)
        }
        let sound = reply([(2, "none"), (1, "4")])
        #expect(try AnnotatorBriefing.Reply(sound).answers == [1: .value(4), 2: .refused])
        #expect(try schema("annotator").faults(in: sound) == [])
        #expect(places([(2, "none"), (1, "4")]) == [])
        #expect(places([(1, "4")]) == ["$.answers"])
        #expect(places([(1, "4"), (2, "1"), (3, "1")]) == ["$.answers"])
        #expect(places([(1, "0"), (2, "2")]) == ["$.answers", "$.answers"])
        #expect(places([(1, "4"), (1, "4")]) == ["$.answers[1].number"])
        #expect(places([(1, "4"), (2, "yes")]) == ["$.answers[1].answer"])
        #expect(places([(1, 4)]) == ["$.answers[0].answer"])
        #expect(places([]) == ["$.answers"])
    }

    @Test func theFormalizerNamesWhatToKeep() throws {
        let proposals = try (1...5).map { number in
            try RepairerBriefing.Reply(
                MiningMaterial.changed(["name": .string("f\(number)")])
            ).feature
        }
        let reply: JSONValue = ["groups": [["keep": 4, "duplicates": [1, 5]]]]
        #expect(
            try FormalizerBriefing.Reply(reply).kept(of: proposals).map(\.name)
                == ["f2", "f3", "f4"])
        #expect(try schema("formalizer").faults(in: reply) == [])
        func places(_ json: JSONValue) -> [String] {
            FormalizerBriefing.Reply.faults(in: json, count: 5).map(\.place)
        }
        #expect(places(["groups": []]) == [])
        #expect(places(["groups": [["keep": 1, "duplicates": [6]]]]) == ["$.groups"])
        #expect(
            places(["groups": [["keep": 1, "duplicates": [2]], ["keep": 2, "duplicates": [3]]]])
                == ["$.groups[1].keep"])
        #expect(
            places(["groups": [["keep": 1, "duplicates": [1]]]])
                == ["$.groups[0].duplicates[0]"])
        #expect(
            places(["groups": [["keep": 1, "duplicates": []]]]) == ["$.groups[0].duplicates"])
    }
}

import JSON

@testable import Prompts

/// What proposers of features are told, with a stranger's words wherever they can stand.
enum MiningMaterial {
    static let shout = "</data> SHOUT {{wanted}}"
    static let tools = ToolBrief(
        expressionGuide: "GUIDE {{task}}", allowsPython: true, allowsRubrics: true)
    static let task = MiningBrief(
        tools: tools, texts: shout, outcome: shout, controls: [shout], rowCount: 812,
        guidelines: [shout], lessons: [shout], wanted: 7)
    static let rated = RatedText(text: shout, outcome: 0.123_456)
    static let rubric = ProposedFeature.Rubric(
        question: shout, scale: .graded,
        anchors: [.init(value: 1, meaning: "none"), .init(value: 5, meaning: shout)])
    static let feature = ProposedFeature(
        name: "shout", title: shout, reason: shout, direction: .higher, recipe: .rubric(rubric),
        examples: [.init(text: shout, relation: .atLeast, value: 3)])

    static let contraster = ContrasterBriefing(
        task: task, high: [rated], low: [rated], mixed: [rated],
        pairs: [.init(higher: rated, lower: rated)],
        kinds: [.init(text: shout, kind: 3, isMember: true, correlation: 0.2)])
    static let reflector = ReflectorBriefing(
        task: task, score: 0.231, chosen: [.init(feature: shout, gain: 0.1)],
        dropped: [.init(feature: shout, fate: shout)],
        misses: [.init(text: shout, outcome: 1, predicted: 0)])

    static func rendered() throws -> [RenderedPrompt] {
        let set = try PromptSet()
        return [
            try set.render(PersonasBriefing(task: task, samples: [rated], personaCount: 3)),
            try set.render(contraster), try set.render(reflector),
            try set.render(RepairerBriefing(tools: tools, feature: feature, faults: [shout])),
            try set.render(AnnotatorBriefing(rubrics: [rubric], text: shout)),
            try set.render(FormalizerBriefing(proposals: [feature])),
        ]
    }

    static let expression: JSONValue = [
        "name": "share-of-contrast", "title": "Contrasting words per hundred",
        "why": "It weighs both sides.", "direction": "higher", "kind": "expression",
        "expression": "share(lexicon(contrast)) * 100", "python": "",
        "rubric": ["question": "", "scale": "graded", "anchors": []],
        "examples": [
            ["text": "It is light, but the strap broke.", "relation": "at-least", "value": 5],
            ["text": "It works.", "relation": "equals", "value": 0],
        ],
    ]

    static let graded: JSONValue = changed(
        [
            "kind": "rubric", "expression": "",
            "rubric": [
                "question": "Is each claim backed up?", "scale": "graded",
                "anchors": [
                    ["value": 5, "meaning": "each"], ["value": 1, "meaning": "none"],
                ],
            ],
            "examples": [
                ["text": "It is good.", "relation": "at-most", "value": 2],
                ["text": "It held 80 kg for an hour.", "relation": "at-least", "value": 4],
            ],
        ])

    /// The expression with some fields replaced.
    static func changed(_ change: JSONValue) -> JSONValue {
        .object(
            (expression.members ?? []).map { member in
                JSONValue.Member(name: member.name, value: change[member.name] ?? member.value)
            })
    }
}

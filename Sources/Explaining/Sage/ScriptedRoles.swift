import JSON
import LanguageModels
import LinearAlgebra
import Texts

/// Answers our own questions about texts from what one prompt shows. Which it is, the schema of the
/// reply says.
struct ScriptedRoles {
    private let briefing: ScriptedBriefing
    private let answer: (ScriptedRoles) -> JSONValue

    /// - Returns: nil where the question is none of ours.
    init?(_ request: ModelRequest) {
        guard let schema = request.schema?.schema.document,
            let names = schema["properties"]?.members.map({ Set($0.map(\.name)) }),
            let question = request.messages.first(where: { $0.role == .user }),
            let answer = Self.answers[names]
        else { return nil }
        briefing = ScriptedBriefing(question.text)
        self.answer = answer
    }

    var text: String { answer(self).text }

    private static let answers: [Set<String>: @Sendable (ScriptedRoles) -> JSONValue] = [
        ["hypotheses"]: { $0.explanation },
        ["statement", "formula", "refuted_by"]: { $0.analysis },
        ["pairs"]: { $0.pairs },
        ["unexplained", "hypotheses"]: { $0.review },
        ["label", "description", "facets", "evidence"]: { $0.conclusion },
    ]

    private func hypothesis(_ rule: TextRule) -> JSONValue {
        [
            "statement": .string("fires on " + rule.sentence), "formula": .string(rule.formula),
            "refuted_by": "silence on a text that has this, or firing on one that has it not",
        ]
    }

    private var explanation: JSONValue {
        let evidence = briefing.evidence
        let rules = evidence.ideas(by: evidence.inducer)
        return ["hypotheses": .array(rules.prefix(briefing.wanted ?? 4).map(hypothesis))]
    }

    /// The best rule that was not tried, whatever it is worth: the question asks for one.
    private var analysis: JSONValue {
        let evidence = briefing.evidence
        let leading = briefing.formulas("## The leading hypothesis").first
        let best =
            evidence.better(than: leading, tried: briefing.tried)
            ?? evidence.ideas(by: evidence.inducer)
            .first { !briefing.tried.contains($0.formula) }
        return hypothesis(best ?? leading ?? TextRule(.last))
    }

    /// Pairs of a text on which the formula holds and one on which it does not, the second in turn an
    /// edit that breaks it and a text of a rival.
    private var pairs: JSONValue {
        guard let rule = briefing.formulas("## The hypothesis").first else { return ["pairs": []] }
        let evidence = briefing.evidence
        let rivals = briefing.formulas("Rival ")
        var used: Set<String> = []
        var generator = SeededGenerator(seed: 0, stream: UInt64(rule.formula.utf8.count))
        func text(holds: Bool, rival: TextRule?) -> String? {
            let found = evidence.text(where: rule, holds: holds, &generator) { text in
                text.count <= 600 && !used.contains(text)
                    && rival.map { $0.holds(in: TextUnits(text)) } ?? true
            }
            if let found { used.insert(found) }
            return found
        }
        var pairs: [JSONValue] = []
        for turn in 0..<(briefing.wanted ?? 8) {
            let rival = turn % 2 == 1 && !rivals.isEmpty ? rivals[turn / 2 % rivals.count] : nil
            guard let firing = text(holds: true, rival: nil) else { break }
            let hard = rival.flatMap { text(holds: false, rival: $0) }
            guard let silent = hard ?? text(holds: false, rival: nil) else { break }
            pairs.append([
                "fires": ["kind": "paraphrase", "text": .string(firing)],
                "silent": [
                    "kind": hard == nil ? "near-miss" : "hard-negative", "text": .string(silent),
                ],
                "why": "whether the condition alone makes it fire",
            ])
        }
        return ["pairs": .array(pairs)]
    }

    /// One more hypothesis where a rule that was not tried explains what is shown better than all that
    /// were.
    private var review: JSONValue {
        let evidence = briefing.evidence
        let inducer = evidence.inducer
        let missed = briefing.items("Missed ").count + briefing.items("Wrong ").count
        let tried = briefing.formulas("Hypothesis ")
        let bar = tried.map { evidence.worth($0, by: inducer) }.max() ?? 0
        let better = evidence.better(than: nil, tried: briefing.tried).flatMap {
            missed > 0 && evidence.worth($0, by: inducer) > bar ? $0 : nil
        }
        return [
            "unexplained": .string(missed == 0 ? "nothing" : "\(missed) of the texts shown"),
            "hypotheses": .array(better.map { [hypothesis($0)] } ?? []),
        ]
    }

    private var conclusion: JSONValue {
        let rule = briefing.formulas("## The explanation").first
        let words = (rule?.sentence ?? "nothing").split(separator: " ")
        let tests = briefing.items("Test ").compactMap { item in
            item.number(after: "Test ").map { JSONValue.integer(Int($0)) }
        }
        return [
            "label": .string(String(words.prefix(8).joined(separator: " ").prefix(100))),
            "description": .string(
                String("Fires on \(rule?.sentence ?? "nothing that was found").".prefix(600))),
            "facets": .array(
                (rule?.facets ?? []).map { .string(String($0.sentence.prefix(200))) }),
            "evidence": .array(Array(tests.prefix(8))),
        ]
    }
}

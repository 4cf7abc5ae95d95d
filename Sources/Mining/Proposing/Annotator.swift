import Consulting
import Inquiry
import JSON
import Prompts
import Tools

/// Has texts scored by a language model: all questions about a text in one call. A refusal, and a
/// reply that is of no use after it was asked for once more, is a missing value and never a number.
struct Annotator: Annotating {
    let consultant: Consultant
    let kept: ToolValueStore
    /// Names everything beside rubric and text that a value depends on: model, prompt, sampling.
    let manner: String

    /// Calls that are under way at once; the layers below keep to the host's limits.
    private static let concurrency = 8
    /// Characters of a text that are shown.
    private static let textLimit = 12_000

    func values(
        of tools: [FeatureTool], texts: [String], sample: Int
    ) async throws -> [[ToolValue]] {
        let distinct = texts.distinct
        var known: [[ToolValue?]] = []
        for tool in tools { known.append(try await kept.known(name(tool, sample), distinct)) }
        let open = distinct.indices.filter { text in known.contains { $0[text] == nil } }
        let questions = open.map { text in
            Question(
                text: distinct[text],
                tools: tools.indices.filter { known[$0][text] == nil }.map { tools[$0] })
        }
        let answers = try await questions.concurrentMap(limit: Self.concurrency) { question in
            try await ask(question.tools, text: question.text, sample: sample)
        }
        for (text, answers) in zip(open, answers) {
            var left = answers[...]
            for tool in tools.indices where known[tool][text] == nil {
                known[tool][text] = left.popFirst()
            }
        }
        let place = Dictionary(uniqueKeysWithValues: zip(distinct, distinct.indices))
        return known.map { column in
            texts.map { text in place[text].flatMap { column[$0] } ?? .missing("not asked") }
        }
    }

    /// All that is asked about one text.
    private struct Question: Sendable {
        let text: String
        let tools: [FeatureTool]
    }

    private func name(_ tool: FeatureTool, _ sample: Int) -> String {
        "\(tool.hash.hex) \(manner) \(sample)"
    }

    /// Asks all questions about a text in one call and keeps the answers.
    private func ask(_ tools: [FeatureTool], text: String, sample: Int) async throws -> [ToolValue]
    {
        let rubrics = tools.compactMap(ProposedFeature.Rubric.init)
        precondition(rubrics.count == tools.count, "only prompts are put to a language model")
        let values = try await values(of: rubrics, text: text, sample: sample)
        // All at once: a part of them would make another question of the rest.
        try await kept.keep(zip(tools, values).map { (name($0, sample), text, $1) })
        return values
    }

    private func values(
        of rubrics: [ProposedFeature.Rubric], text: String, sample: Int
    ) async throws -> [ToolValue] {
        let briefing = AnnotatorBriefing(
            rubrics: rubrics, text: String(text.prefix(Self.textLimit)))
        let (reply, consultation) = try await consultant.ask(
            briefing, sample: sample, inquiry: MiningRun.inquiry
        ) { AnnotatorBriefing.Reply.faults(in: $0, rubrics: rubrics) }
        return rubrics.indices.map { place in
            switch reply?.answers[place + 1] {
            case .value(let value): .value(Double(value))
            case .refused: .missing("the annotator gave no answer")
            case nil: .missing(consultation.failure ?? "the annotator did not answer")
            }
        }
    }
}

extension ProposedFeature.Rubric {
    /// What a prompt tool asks.
    init?(_ tool: FeatureTool) {
        guard case .prompt(let rubric) = tool.kind,
            let scale = Scale(rawValue: rubric.scale.rawValue)
        else { return nil }
        self.init(
            question: rubric.question, scale: scale,
            anchors: rubric.anchors.map { Anchor(value: $0.value, meaning: $0.meaning) })
    }
}

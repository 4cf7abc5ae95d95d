import JSON
import LanguageModels
import LinearAlgebra
import Texts

/// Answers SAGE's questions from what its chat shows.
struct ScriptedSage {
    /// A test with its result, as the chat tells it.
    struct Test {
        let hypothesis: Int
        let text: String
        var isExpectedHigh = false
        var activation: Float?
        var window: SageWindow?
    }

    let reading: ScriptedModel.Reading
    let step: String
    /// The last message.
    let question: [Substring]
    let exemplars: [SageWindow]
    let tests: [Test]
    /// Formulas that were proposed before.
    let tried: Set<String>
    private let turn: Int

    /// - Returns: nil where the chat is none of SAGE's.
    init?(_ messages: [ModelMessage], reading: ScriptedModel.Reading) {
        guard let last = messages.last, last.role == .user else { return nil }
        question = last.text.split(separator: "\n")
        guard let step = question.last(where: { $0.hasPrefix("STEP: ") }) else { return nil }
        self.step = String(step.dropFirst("STEP: ".count))
        self.reading = reading
        let told = messages.filter { $0.role == .user }.flatMap { $0.text.split(separator: "\n") }
        exemplars = told.compactMap(Self.exemplar)
        tests = Self.tests(told)
        let said = messages.filter { $0.role == .assistant }
            .flatMap { $0.text.split(separator: "\n") }
        tried = Set(said.compactMap { SageReply.formula(in: String($0))?.formula })
        turn = messages.count
    }

    var answer: String {
        switch step {
        case "ANALYZE_EXEMPLARS": explanation
        case "DESIGN_TEST": design
        case "ANALYZE_RESULT": analysis
        case "UPDATE_HYPOTHESIS": update
        case "REVIEW_ALL_HYPOTHESES": review
        default: conclusion
        }
    }

    /// Half of the exemplars' mean maximum: what the model itself holds for firing.
    var threshold: Float {
        0.5 * exemplars.reduce(0) { $0 + $1.maximum } / Float(max(1, exemplars.count))
    }

    /// Where a window is strong it fires; the stretches between are silent. A test is as a whole.
    var evidence: ScriptedEvidence {
        let threshold = threshold
        var evidence = ScriptedEvidence()
        for window in exemplars {
            let (text, byte) = window.textWithPeak
            evidence.add(text, fires: true, byte: byte)
            for run in window.tokens.split(whereSeparator: { $0.value >= threshold })
            where run.count > 1 {
                evidence.add(SageWindow(run)?.textWithPeak.text ?? "", fires: false)
            }
        }
        for test in tests {
            guard let activation = test.activation else { continue }
            let byte = test.window.flatMap {
                abs($0.maximum - activation) < 0.001 ? $0.peakByte : nil
            }
            evidence.add(
                test.text, fires: activation >= threshold, byte: byte, weight: 2)
        }
        return evidence
    }

    private var explanation: String {
        let evidence = evidence
        let rules = evidence.ideas(by: evidence.inducer).prefix(3)
        var lines = ["PATTERNS: \(rules.first?.sentence ?? "none that could be found")"]
        lines += rules.enumerated().map { "Hypothesis_\($0 + 1): \(Self.sentence($1))" }
        if let word = evidence.harmlessWord, let set = WordSet([word]) {
            let rule = TextRule(.word(set))
            lines.append(
                "Hypothesis_\(rules.count + 1): \(SageHypothesis.controlWord): the feature stays silent on "
                    + "\(rule.sentence) by itself `\(rule.formula)`")
        }
        return lines.joined(separator: "\n")
    }

    static func sentence(_ rule: TextRule) -> String {
        "the feature fires on \(rule.sentence) `\(rule.formula)`"
    }

    /// A positive test and a negative control in turn; of a control, what should stay silent.
    private var design: String {
        let hypothesis = hypotheses.first
        let own = tests.filter { $0.hypothesis == hypothesis?.number }
        let isHigh = hypothesis?.isControl != true && own.count % 2 == 0
        let text = hypothesis.flatMap { test(of: $0, isHigh: isHigh, except: []) }
        return """
            TESTING HYPOTHESIS: \(hypothesis?.text ?? "none")
            [TOOL] model.run prompt='\(text ?? exemplars.first?.textWithPeak.text ?? "A text.")'
            EXPECTED: \(isHigh ? "High, as the condition holds" : "Low, as nothing here should make it fire")
            """
    }

    /// A new sentence for a hypothesis.
    func test(of hypothesis: Hypothesis, isHigh: Bool, except others: Set<String>) -> String? {
        guard let rule = SageReply.formula(in: hypothesis.text) else { return nil }
        var generator = SeededGenerator(
            seed: UInt64(turn), stream: UInt64(hypothesis.number * 2 + (isHigh ? 1 : 0)))
        let known = others.union(tests.map(\.text))
        return evidence.text(
            where: rule, holds: isHigh || hypothesis.isControl, &generator
        ) { text in
            text.count < 200 && !text.contains(where: \.isNewline) && !known.contains(text)
                && text == text.trimmingPrefix(while: \.isWhitespace)
        }
    }
}

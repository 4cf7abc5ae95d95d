import JSON
import Texts

extension ScriptedSage {
    var analysis: String {
        guard let test = tests.last, let activation = test.activation, let window = test.window
        else {
            return """
                ANALYSIS: the text could not be measured
                INTERPRETATION: nothing is to be learnt from it
                UPDATED HYPOTHESIS STATUS: as before
                """
        }
        let strongest = window.tokens.dropFirst().sorted { $0.value > $1.value }.prefix(3)
            .map { "\(JSONValue.string($0.text).text) \(SageWindow.text($0.value))" }
        let meaning =
            switch verdict(test) {
            case true?: "as expected"
            case false?: "against what was expected"
            case nil: "weak: neither for it nor against it"
            }
        return """
            ANALYSIS: greatest \(SageWindow.text(activation)); first token \
            \(SageWindow.text(window.tokens[0].value)); then \(strongest.joined(separator: ", "))
            INTERPRETATION: \(meaning)
            UPDATED HYPOTHESIS STATUS: to be decided
            """
    }

    /// Whether a result is as expected, by the absolute figures that SAGE names; nil where it lies
    /// between them.
    private func verdict(_ test: Test) -> Bool? {
        guard let activation = test.activation else { return nil }
        if activation > Self.rules.clearlyHigh { return test.isExpectedHigh }
        if activation < Self.rules.clearlyLow { return !test.isExpectedHigh }
        return nil
    }

    private static let rules = SageSettings()

    var update: String {
        guard let hypothesis = hypotheses.first else { return Self.status(.unchanged) }
        let own = tests.filter { $0.hypothesis == hypothesis.number }
        let verdicts = own.map(verdict)
        let contradictions = verdicts.count { $0 == false }
        if contradictions >= 2 { return Self.status(.refuted) }
        let isContradicted = reading == .careful && contradictions > 0
        if verdicts.count(where: { $0 == true }) >= 2, !isContradicted {
            return Self.status(.confirmed)
        }
        if own.count < 2 { return Self.status(.unchanged) }
        return Self.status(.refined) + "\nREFINED HYPOTHESIS: \(refined(hypothesis))"
    }

    private static func status(_ status: SageStatus) -> String {
        "UPDATED HYPOTHESIS STATUS: \(status.rawValue)"
    }

    private func refined(_ hypothesis: Hypothesis) -> String {
        guard !hypothesis.isControl else { return hypothesis.text }
        let old = SageReply.formula(in: hypothesis.text)
        return evidence.better(than: old, tried: tried).map(Self.sentence) ?? hypothesis.text
    }

    /// More tests while a hypothesis is undecided and has had few.
    var review: String {
        let needy = hypotheses.filter { hypothesis in
            let count = tests.count { $0.hypothesis == hypothesis.number }
            return !hypothesis.status.isFinal && count < 6
        }
        var lines: [String] = []
        var asked: Set<String> = []
        for hypothesis in needy {
            for isHigh in [true, false] {
                guard let text = test(of: hypothesis, isHigh: isHigh, except: asked) else {
                    continue
                }
                asked.insert(text)
                lines.append("- H\(hypothesis.number): undecided \"\(text)\"")
            }
        }
        return (["MORE TESTING: \(lines.isEmpty ? "NO" : "YES")"] + lines).joined(separator: "\n")
    }

    /// The best of the confirmed hypotheses, or all of them together where that explains more; without
    /// any, the best of what was not refuted.
    var conclusion: String {
        let inducer = evidence.inducer
        var rules = rules(with: [.confirmed])
        if rules.isEmpty { rules = self.rules(with: [.refined, .pending, .unchanged]) }
        if rules.isEmpty { rules = self.rules(with: [.refuted]) }
        let joined = TextRule(rules.flatMap(\.facets))
        let best = (rules + [joined].compactMap { $0 }).max {
            inducer.value($0) < inducer.value($1)
        }
        guard let best else { return "[DESCRIPTION]: nothing was found" }
        let seen = tests.suffix(8).compactMap { test in
            test.activation.map { "\(JSONValue.string(test.text).text) \(SageWindow.text($0))" }
        }
        let labels = rules.enumerated().map { "[LABEL \($0 + 1)]: \($1.sentence) `\($1.formula)`" }
        return (["[DESCRIPTION]: \(Self.sentence(best))", "[EVIDENCE]:"] + seen + labels)
            .joined(separator: "\n")
    }

    private func rules(with statuses: Set<SageStatus>) -> [TextRule] {
        var seen: Set<TextRule> = []
        return hypotheses.filter { !$0.isControl && statuses.contains($0.status) }
            .compactMap { SageReply.formula(in: $0.text) }.filter { seen.insert($0).inserted }
    }
}

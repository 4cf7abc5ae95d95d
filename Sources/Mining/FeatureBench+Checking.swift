import Rows
import Tools

extension FeatureBench {
    /// Rows that a language model scores before its feature is believed: each costs a call.
    static let promptSample = 24

    /// What running a tool shows against it; empty for one that may be used.
    nonisolated func faults(of tool: FeatureTool, on rows: RowSet) async throws -> [String] {
        let isPrompt = tool.kind.isPrompt
        let sample = isPrompt ? Array(rows.texts.prefix(Self.promptSample)) : rows.texts
        var rules = ToolCheck.Rules()
        // So few answers say nothing of a rubric that is seldom true; the screen finds that out.
        if isPrompt { rules.leastSample = sample.count + 1 }
        do {
            return try await ToolCheck.run(
                tool, sample: sample, rules: rules, isRepeated: !isPrompt
            ) { texts, attempt in
                try await values(of: [tool], texts: texts, others: nil, attempt: attempt)[0]
            }.faults.map(\.description)
        } catch let failure as ToolFailure {
            return [failure.description]
        } catch let problem as SandboxProblem {
            return ["Python cannot be run here: \(problem)"]
        }
    }
}

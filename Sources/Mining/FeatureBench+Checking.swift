import Rows
import Tools

extension FeatureBench {
    /// Rows that a language model scores before its feature is believed: each costs a call.
    static let promptSample = 24

    /// What running a tool shows against it; empty for one that may be used.
    nonisolated func faults(of tool: FeatureTool, on rows: RowSet) async throws -> [String] {
        let examples = tool.examples.map(\.text)
        do {
            let sample =
                tool.kind.isPrompt ? Array(rows.texts.prefix(Self.promptSample)) : rows.texts
            let first = try await values(of: [tool], texts: examples + sample, others: nil)[0]
            let again =
                tool.kind.isPrompt
                ? nil
                : try await values(
                    of: [tool], texts: sample.reversed(), others: nil, attempt: 1)[0]
            var rules = ToolCheck.Rules()
            // So few answers say nothing of a rubric that is seldom true; the screen finds that out.
            if tool.kind.isPrompt { rules.leastSample = sample.count + 1 }
            return ToolCheck.judge(
                tool, exampleValues: Array(first.prefix(examples.count)), sample: sample,
                values: Array(first.dropFirst(examples.count)), again: again?.reversed(),
                rules: rules
            ).faults.map(\.description)
        } catch let failure as ToolFailure {
            return [failure.description]
        } catch let problem as SandboxProblem {
            return ["Python cannot be run here: \(problem)"]
        }
    }
}

/// Why a tool gave no values.
public enum ToolRunFault: Error, Hashable, Sendable {
    case python(PythonFault)
    /// A Python tool, and no sandbox to run it in.
    case noSandbox
    /// A prompt: only a language model can carry it out.
    case needsModel
}

extension ToolRunFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .python(let fault): fault.description
        case .noSandbox: "a Python tool needs a sandbox; see Sandbox.probe"
        case .needsModel: "a prompt is answered by a language model, not by running it"
        }
    }
}

extension FeatureTool {
    /// The tool's values for texts, in their order. Several expressions are faster together: see
    /// ``ExpressionBatch``.
    ///
    /// - Parameter sandbox: where Python runs; nil when there is none.
    public func values(
        on texts: [String], in sandbox: Sandbox?, limits: SandboxLimits = SandboxLimits()
    ) async throws(ToolRunFault) -> [ToolValue] {
        switch kind {
        case .expression(let source):
            // The initialiser has read it once.
            guard let expression = try? TextExpression(source) else { return [] }
            return ExpressionBatch([expression]).columns(of: texts)[0].map(
                ToolValue.init(expression:))
        case .python(let source):
            guard let sandbox else { throw .noSandbox }
            do throws(PythonFault) {
                return try await sandbox.values(of: source, on: texts, limits: limits)
            } catch {
                throw .python(error)
            }
        case .prompt: throw .needsModel
        }
    }
}

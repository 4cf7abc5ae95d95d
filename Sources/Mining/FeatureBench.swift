import Digests
import Foundation
import Inquiry
import Rows
import Tools

/// Computes features of rows, each once: the columns of a study.
///
/// Owns the columns that were computed. Expressions are run in process, Python in its sandbox, and
/// prompts are put to the annotator; values of the latter two are in the memory before they are used.
actor FeatureBench {
    private struct Key: Hashable {
        let tool: Digest
        let role: String
    }

    private var columns: [Key: [ToolValue]] = [:]
    private let python: any PythonRunning
    private let annotator: (any Annotating)?

    init(python: any PythonRunning, annotator: (any Annotating)?) {
        self.python = python
        self.annotator = annotator
    }

    /// The values of tools on the rows of a role, in the order of the tools.
    ///
    /// Of a pair of texts, a feature is the first one's value less the other's.
    func columns<Role>(
        of tools: [FeatureTool], on view: RoleView<Role>
    ) async throws -> [[ToolValue]] {
        var left: [FeatureTool] = []
        for tool in tools {
            let key = Key(tool: tool.hash, role: Role.name)
            if columns[key] == nil, !left.contains(where: { $0.hash == tool.hash }) {
                left.append(tool)
            }
        }
        if !left.isEmpty {
            let found = try await values(of: left, on: view)
            for (tool, column) in zip(left, found) {
                columns[Key(tool: tool.hash, role: Role.name)] = column
            }
        }
        return tools.map { columns[Key(tool: $0.hash, role: Role.name)] ?? [] }
    }

    /// On confirm rows a tool that fails has no values: it was chosen, and is not chosen anew.
    private nonisolated func values<Role>(
        of tools: [FeatureTool], on view: RoleView<Role>
    ) async throws -> [[ToolValue]] {
        do {
            return try await values(of: tools, rows: view.rows)
        } catch let failure as ToolFailure where Role.self == Confirm.self {
            guard tools.count > 1 else {
                return [view.rows.texts.map { _ in .missing(failure.description) }]
            }
            var columns: [[ToolValue]] = []
            for tool in tools { columns += try await values(of: [tool], on: view) }
            return columns
        }
    }

    /// Values that are not kept: for samples, repetitions and tools that may be dropped.
    nonisolated func values(of tools: [FeatureTool], rows: RowSet) async throws -> [[ToolValue]] {
        try await values(of: tools, texts: rows.texts, others: rows.otherTexts)
    }

    /// - Parameters:
    ///   - others: the second text of each pair.
    ///   - attempt: tells repetitions apart, which must not be answered from what is kept.
    nonisolated func values(
        of tools: [FeatureTool], texts: [String], others: [String]?, attempt: Int = 0
    ) async throws -> [[ToolValue]] {
        let first = try await values(of: tools, texts: texts, attempt: attempt)
        guard let others else { return first }
        let second = try await values(of: tools, texts: others, attempt: attempt)
        return zip(first, second).map { a, b in
            zip(a, b).map { a, b in
                switch (a, b) {
                case (.value(let x), .value(let y)): .value(x - y)
                case (.missing(let reason), _), (_, .missing(let reason)): .missing(reason)
                }
            }
        }
    }

    private nonisolated func values(
        of tools: [FeatureTool], texts: [String], attempt: Int
    ) async throws -> [[ToolValue]] {
        var result = [[ToolValue]](repeating: [], count: tools.count)
        var expressions: [(place: Int, expression: TextExpression)] = []
        var rubrics: [(place: Int, tool: FeatureTool)] = []
        for (place, tool) in tools.enumerated() {
            switch tool.kind {
            case .expression(let source): expressions.append((place, try TextExpression(source)))
            case .python:
                result[place] = try await python.values(of: tool, texts: texts, attempt: attempt)
            case .prompt: rubrics.append((place, tool))
            }
        }
        let computed = try await Self.values(of: expressions.map(\.expression), texts: texts)
        for (index, (place, _)) in expressions.enumerated() { result[place] = computed[index] }
        if !rubrics.isEmpty {
            guard let annotator else {
                throw MiningError.needsModel(features: rubrics.map(\.tool.name))
            }
            let found = try await annotator.values(
                of: rubrics.map(\.tool), texts: texts, sample: attempt)
            for (index, (place, _)) in rubrics.enumerated() { result[place] = found[index] }
        }
        return result
    }

    /// Texts that are computed in one piece of work.
    private static let block = 256

    static func values(
        of expressions: [TextExpression], texts: [String]
    ) async throws -> [[ToolValue]] {
        guard !expressions.isEmpty else { return [] }
        let batch = ExpressionBatch(expressions)
        let starts = Array(stride(from: 0, to: texts.count, by: block))
        let blocks = try await starts.concurrentMap(limit: 2) { start in
            texts[start..<min(start + block, texts.count)].map { batch.values(of: $0) }
        }
        let rows = blocks.flatMap { $0 }
        return expressions.indices.map { index in rows.map { $0[index] } }
    }
}

/// Runs Python tools.
protocol PythonRunning: Sendable {
    /// - Parameter attempt: tells repetitions apart, which are run again.
    /// - Throws: ``ToolFailure`` for a tool that gave nothing.
    func values(of tool: FeatureTool, texts: [String], attempt: Int) async throws -> [ToolValue]
}

/// Has texts scored by a language model.
protocol Annotating: Sendable {
    /// - Parameter sample: tells repetitions of the same question apart.
    func values(
        of tools: [FeatureTool], texts: [String], sample: Int
    ) async throws -> [[ToolValue]]
}

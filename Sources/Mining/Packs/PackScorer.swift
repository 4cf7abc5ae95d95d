import Foundation
import Inquiry
import Rows
import Tools

/// Scores rows with a pack.
public struct PackScorer: Sendable {
    public let pack: FeaturePack
    private let bench: FeatureBench
    private let usesStandIns: Bool

    /// - Parameters:
    ///   - usesStandIns: whether local stand-ins take the place of features that a language model
    ///     scores.
    ///   - isUnsafe: whether Python may run outside a sandbox.
    /// - Throws: ``MiningError/packNeedsModel(features:)`` where only a language model could score.
    public init(pack: FeaturePack, usesStandIns: Bool, isUnsafe: Bool) throws(MiningError) {
        let prompts = pack.tools.filter { $0.kind.isPrompt }.map(\.name)
        let covered = Set(usesStandIns ? pack.standIns.map(\.feature) : [])
        let left = prompts.filter { !covered.contains($0) }
        guard left.isEmpty else { throw .packNeedsModel(features: left) }
        self.pack = pack
        self.usesStandIns = usesStandIns
        bench = FeatureBench(
            python: PassingPython(room: SandboxRoom(isUnsafe: isUnsafe)), annotator: nil)
    }

    /// One row's score with each input's value and share.
    public struct Scored: Hashable, Sendable {
        public let score: Double
        public let prediction: Double
        /// In the order of the model's inputs; nil where a tool had no answer.
        public let values: [Double?]
        public let shares: [Double]
        /// Why values are missing, by input.
        public let missing: [String: String]
    }

    /// - Parameters:
    ///   - others: the second text of each pair, where the pack scores pairs.
    public func score(_ texts: [String], others: [String]? = nil) async throws -> [Scored] {
        let columns = try await columns(texts, others)
        return texts.indices.map { row in
            let answers = columns.map { $0[row] }
            let values = answers.map(\.number)
            let shares = pack.model.shares(values)
            let score = shares.reduce(pack.model.intercept, +)
            var missing: [String: String] = [:]
            for (input, answer) in zip(pack.model.inputs, answers) {
                if case .missing(let reason) = answer { missing[input.name] = reason }
            }
            return Scored(
                score: score, prediction: pack.model.prediction(score: score), values: values,
                shares: shares, missing: missing)
        }
    }

    /// Scores rows as they were read for ``pack``.
    public func score(_ rows: [RowInput]) async throws -> [Scored] {
        let others = rows.compactMap(\.otherText)
        return try await score(
            rows.map(\.text), others: pack.text.names.count > 1 ? others : nil)
    }

    private func columns(_ texts: [String], _ others: [String]?) async throws -> [[ToolValue]] {
        var columns: [[ToolValue]] = []
        for tool in pack.tools {
            if tool.kind.isPrompt,
                let standIn = pack.standIns.first(where: { $0.feature == tool.name })
            {
                let parts = try await bench.values(of: standIn.tools, texts: texts, others: others)
                columns.append(
                    texts.indices.map { row in
                        .value(
                            standIn.model.prediction(
                                score: standIn.model.score(parts.map { $0[row].number })))
                    })
            } else {
                columns += try await bench.values(of: [tool], texts: texts, others: others)
            }
        }
        return columns
    }
}

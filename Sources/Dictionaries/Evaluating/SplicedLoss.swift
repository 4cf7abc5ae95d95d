import Foundation
import LinearAlgebra
import Statistics
import Subjects

/// A model that can be run with other rows in the place of its own at one hook.
public protocol SplicedModel: Sendable {
    /// How many tokens there are.
    var vocabularySize: Int { get }

    /// The next token's logits, for every token of every sequence.
    ///
    /// - Parameter rows: one per token that is not skipped, in the order of the sequences, to stand in
    ///   the place of the model's own; nil to leave the model alone.
    /// - Parameter skipped: so many first tokens of each sequence keep their own rows.
    func logits(
        of sequences: [[Int]], replacing rows: Matrix?, skipped: Int, threads: Int
    ) throws(SubjectError) -> RaggedRows
}

/// What a model loses when a dictionary's reconstruction, nothing, or the mean stands in the place of its
/// own activations.
struct SplicedLoss {
    /// One group's sums: tokens predicted, the four cross-entropies, and the two divergences.
    private(set) var groups: [[Double]]
    private static let width = 7

    /// Sequences whose rows were measured, in the rows' order.
    struct Material: Sendable {
        let model: any SplicedModel
        let sequences: [[Int]]
        /// So many first tokens of each have no row.
        let skipped: Int
    }

    /// - Parameters:
    ///   - back: x̂ of each row.
    ///   - mean: of the rows.
    ///   - groups: the group of each row.
    init(
        _ material: Material, _ back: Matrix, mean: [Double], groups rows: [Int], groupCount: Int,
        threads: Int
    ) throws(SubjectError) {
        groups = Array(repeating: Array(repeating: 0, count: Self.width), count: groupCount)
        // Few enough logits at a time to hold four sets of them.
        let limit = max(1, (32 << 20) / material.model.vocabularySize)
        var (first, row) = (0, 0)
        while first < material.sequences.count {
            var last = first
            var tokens = 0
            while last < material.sequences.count,
                last == first || tokens + material.sequences[last].count <= limit
            {
                tokens += material.sequences[last].count
                last += 1
            }
            let chosen = Array(material.sequences[first..<last])
            let count = chosen.reduce(0) { $0 + $1.count - material.skipped }
            let part = back.storage[row * back.columns..<(row + count) * back.columns]
            let spliced = Matrix(rows: count, columns: back.columns, storage: Array(part))
            let variants: [Matrix?] = [
                nil, spliced, Matrix(rows: count, columns: back.columns),
                Matrix(
                    rows: count, columns: back.columns,
                    storage: (0..<count).flatMap { _ in mean.map { Float($0) } }),
            ]
            var logits: [RaggedRows] = []
            for rows in variants {
                logits.append(
                    try material.model.logits(
                        of: chosen, replacing: rows, skipped: material.skipped, threads: threads))
            }
            for (place, sequence) in chosen.enumerated() {
                add(sequence, place, logits, group: rows[row])
                row += sequence.count - material.skipped
            }
            first = last
        }
    }

    /// Adds one sequence: every token but the last predicts the next.
    private mutating func add(
        _ tokens: [Int], _ sequence: Int, _ logits: [RaggedRows], group: Int
    ) {
        for position in 0..<max(0, tokens.count - 1) {
            let row = logits[0].starts[sequence] + position
            let chances = logits.map { Self.logChances($0.values.row(row)) }
            groups[group][0] += 1
            for (variant, chance) in chances.enumerated() {
                groups[group][1 + variant] -= chance[tokens[position + 1]]
            }
            groups[group][5] += Self.divergence(chances[0], chances[1])
            groups[group][6] += Self.divergence(chances[0], chances[2])
        }
    }

    private static func logChances(_ logits: ArraySlice<Float>) -> [Double] {
        let greatest = Double(logits.max() ?? 0)
        let sum = logits.reduce(0.0) { $0 + exp(Double($1) - greatest) }
        let shift = greatest + log(sum)
        return logits.map { Double($0) - shift }
    }

    /// KL(a ‖ b) of log chances.
    private static func divergence(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
    }

    func figures(_ resampling: GroupResampling) -> [(EvaluationFigure, Estimate)] {
        func mean(_ place: Int) -> ([Double]) -> Double? {
            { $0[0] > 0 ? $0[place] / $0[0] : nil }
        }
        func recovered(_ ablated: Int) -> ([Double]) -> Double? {
            { sums in
                let range = sums[ablated] - sums[1]
                return range != 0 ? (sums[ablated] - sums[2]) / range : nil
            }
        }
        let statistics: [(EvaluationFigure, ([Double]) -> Double?)] = [
            (.lossClean, mean(1)), (.lossSpliced, mean(2)), (.lossZero, mean(3)),
            (.lossMean, mean(4)), (.lossRecoveredZero, recovered(3)),
            (.lossRecoveredMean, recovered(4)), (.divergenceSpliced, mean(5)),
            (.divergenceRecovered, { $0[6] > 0 ? 1 - $0[5] / $0[6] : nil }),
        ]
        return statistics.compactMap { figure, statistic in
            resampling.estimate(groups, statistic).map { (figure, $0) }
        }
    }
}

/// GPT-2 at one place of its stream.
struct SplicedGPT2: SplicedModel {
    let model: GPT2
    let hook: HookPoint

    var vocabularySize: Int { model.configuration.vocabularySize }

    func logits(
        of sequences: [[Int]], replacing rows: Matrix?, skipped: Int, threads: Int
    ) throws(SubjectError) -> RaggedRows {
        precondition(skipped == 0, "SplicedGPT2 replaces every token's row")
        guard let rows else { return try model.logits(of: sequences, threads: threads) }
        return try model.logits(of: sequences, replacing: hook, with: rows, threads: threads)
    }
}

/// A decoder at one of its places.
struct SplicedTransformer: SplicedModel {
    let model: Transformer
    let hook: TransformerHook

    var vocabularySize: Int { model.configuration.vocabularySize }

    func logits(
        of sequences: [[Int]], replacing rows: Matrix?, skipped: Int, threads: Int
    ) throws(SubjectError) -> RaggedRows {
        var request = ForwardRequest(logits: .all)
        if let rows {
            request.replacement = .init(
                at: hook, rows: Self.spread(rows, sequences, skipped), from: skipped)
        }
        guard let logits = try model.forward(sequences, request, threads: threads).logits else {
            preconditionFailure("a pass without logits")
        }
        return logits
    }

    /// Rows with an unused one before each sequence's own for every token that is skipped.
    private static func spread(
        _ rows: Matrix, _ sequences: [[Int]], _ skipped: Int
    ) -> RaggedRows {
        var starts = [0]
        var storage: [Float] = []
        var row = 0
        for sequence in sequences {
            storage += [Float](repeating: 0, count: skipped * rows.columns)
            let count = sequence.count - skipped
            storage += rows.storage[row * rows.columns..<(row + count) * rows.columns]
            row += count
            starts.append(starts[starts.count - 1] + sequence.count)
        }
        return RaggedRows(
            values: Matrix(
                rows: starts[sequences.count], columns: rows.columns, storage: storage),
            starts: starts)
    }
}

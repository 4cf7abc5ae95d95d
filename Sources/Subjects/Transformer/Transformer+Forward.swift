import LinearAlgebra

/// What a forward pass is asked for.
public struct ForwardRequest: Sendable, Hashable {
    /// Which tokens' next-token logits are wanted.
    public enum Logits: Sendable, Hashable {
        case none
        case all
        case last
        /// For each sequence its positions, in the order in which the rows come.
        case positions([[Int]])
    }

    /// The places whose activations are wanted, for every token.
    public var hooks: [TransformerHook]
    public var logits: Logits
    /// Changes on the way, in the order in which they act at one place.
    public var interventions: [Intervention]
    /// Rows that stand in the place of the model's own, before the interventions there.
    public var replacement: Replacement?

    /// Other rows for every token from some position on.
    public struct Replacement: Sendable, Hashable {
        public let hook: TransformerHook
        /// One per token of every sequence; those before ``firstPosition`` are not used.
        public let rows: RaggedRows
        /// Tokens before it keep their own rows.
        public let firstPosition: Int

        public init(at hook: TransformerHook, rows: RaggedRows, from firstPosition: Int = 0) {
            self.hook = hook
            self.rows = rows
            self.firstPosition = firstPosition
        }
    }

    public init(
        hooks: [TransformerHook] = [], logits: Logits = .none, interventions: [Intervention] = [],
        replacement: Replacement? = nil
    ) {
        self.hooks = hooks
        self.logits = logits
        self.interventions = interventions
        self.replacement = replacement
    }
}

/// What a forward pass gives.
public struct ForwardResult: Sendable, Hashable {
    /// For each hook of the request one row per token.
    public let activations: [TransformerHook: RaggedRows]
    /// One row per token that was asked for, or nil if none were.
    public let logits: RaggedRows?
}

extension Transformer {
    /// Activations and logits of a batch in one pass, which goes no further than it must.
    ///
    /// Blocks the calling thread; do not call it on the cooperative pool.
    ///
    /// - Parameters:
    ///   - sequences: tokens; each sequence 1 to `contextLength` of them.
    ///   - threads: how many threads share the sequences; the result is the same to the last bit.
    /// - Throws: ``SubjectError`` if a sequence cannot be read or a place does not exist.
    /// - Complexity: about 2 · parameters of the blocks before the last place, in flop per token.
    public func forward(
        _ sequences: [[Int]], _ request: ForwardRequest, threads: Int = 1
    ) throws(SubjectError) -> ForwardResult {
        try check(sequences)
        for hook in request.hooks { try check(hook) }
        try check(request.interventions)
        if let replacement = request.replacement { try check(replacement, sequences) }
        let positions = try logitPositions(request.logits, sequences)
        let lengths = sequences.map(\.count)
        var outputs: [TransformerHook: RowBuffer] = [:]
        for hook in request.hooks {
            outputs[hook] = RowBuffer(lengths: lengths, width: configuration.width(of: hook))
        }
        let logits = RowBuffer(
            lengths: positions.map(\.count), width: configuration.vocabularySize)
        let wantsEnd = request.logits != .none || request.hooks.contains(.finalNorm)
        let blockCount =
            wantsEnd
            ? configuration.layerCount
            : 1 + (request.hooks.map { $0.lastBlock(of: configuration.layerCount) }.max() ?? -1)
        let pass = ForwardPass(
            model: self, sequences: sequences, request: request, positions: positions,
            outputs: outputs, logits: logits, blocks: try weights.blocks(blockCount),
            end: wantsEnd ? try weights.end(withHead: request.logits != .none) : nil)
        let capacity = max(TransformerWorkspace.usualRows, lengths.max() ?? 0)
        let chunks = Chunk.split(lengths: lengths, capacity: capacity)
        inParallel(chunks.count, threads: threads) { index in
            workspaces.use { pass.run(chunks[index], capacity, $0) }
        }
        return ForwardResult(
            activations: outputs.mapValues(\.rows),
            logits: request.logits == .none ? nil : logits.rows)
    }

    /// One place's activations; see ``forward(_:_:threads:)``.
    public func activations(
        of sequences: [[Int]], at hook: TransformerHook, threads: Int = 1
    ) throws(SubjectError) -> RaggedRows {
        let request = ForwardRequest(hooks: [hook])
        guard let rows = try forward(sequences, request, threads: threads).activations[hook] else {
            preconditionFailure("a forward pass without \(hook)")
        }
        return rows
    }

    /// - Precondition: the replacement has a row for every token.
    private func check(
        _ replacement: ForwardRequest.Replacement, _ sequences: [[Int]]
    ) throws(SubjectError) {
        try check(replacement.hook)
        let (found, width) = (
            replacement.rows.values.columns, configuration.width(of: replacement.hook)
        )
        guard found == width else {
            throw .widthMismatch(
                of: "the rows to put at \(replacement.hook)", width: found,
                model: "that place in \(name)", modelWidth: width)
        }
        let lengths = zip(replacement.rows.starts, replacement.rows.starts.dropFirst())
            .map { $1 - $0 }
        precondition(lengths == sequences.map(\.count), "replaced rows of other sequences")
    }

    private func logitPositions(
        _ logits: ForwardRequest.Logits, _ sequences: [[Int]]
    ) throws(SubjectError) -> [[Int]] {
        switch logits {
        case .none: return sequences.map { _ in [] }
        case .all: return sequences.map { Array($0.indices) }
        case .last: return sequences.map { [$0.count - 1] }
        case .positions(let chosen):
            guard chosen.count == sequences.count else {
                throw .positionCount(found: chosen.count, sequences: sequences.count)
            }
            for (index, positions) in chosen.enumerated() {
                for position in positions where !sequences[index].indices.contains(position) {
                    throw .unknownPosition(
                        sequence: index, position: position, length: sequences[index].count)
                }
            }
            return chosen
        }
    }
}

/// One call's inputs and outputs, shared by its workers.
private struct ForwardPass: Sendable {
    let model: Transformer
    let sequences: [[Int]]
    let request: ForwardRequest
    let positions: [[Int]]
    let outputs: [TransformerHook: RowBuffer]
    let logits: RowBuffer
    let blocks: [TransformerWeights.Block]
    /// Nil where the pass ends at a block.
    let end: TransformerWeights.End?

    func run(_ chunk: Chunk, _ capacity: Int, _ workspace: TransformerWorkspace) {
        let longest = sequences[chunk.sequences].map(\.count).max() ?? 0
        workspace.reserve(rows: capacity, length: longest)
        var segments: [Segment] = []
        var row = 0
        for sequence in sequences[chunk.sequences] {
            segments.append(
                Segment(
                    rows: row..<row + sequence.count, tokens: sequence[...], position: 0,
                    memory: nil))
            row += sequence.count
        }
        let observer = Observer(
            interventions: request.interventions,
            outputs: outputs.mapValues { $0.view(chunk.sequences) },
            replacement: request.replacement.map { ($0, chunk.firstRow) })
        model.run(segments, blocks, observer, workspace)
        guard let end else { return }
        let normed = workspace.normed.view(row)
        model.norm(workspace.stream.view(row), end.norm, into: normed)
        observer.visit(.finalNorm, normed, segments)
        if let head = end.head { unembed(chunk, segments, normed, head, workspace) }
    }

    /// The logits that are asked for, a few rows at a time: a vocabulary may be large.
    private func unembed(
        _ chunk: Chunk, _ segments: [Segment], _ normed: RowView, _ head: PackedMatrix,
        _ workspace: TransformerWorkspace
    ) {
        let rows = zip(chunk.sequences, segments).flatMap { sequence, segment in
            positions[sequence].map { segment.rows.lowerBound + $0 }
        }
        let output = logits.view(chunk.sequences)
        let size = TransformerWorkspace.logitRowCount
        for first in stride(from: 0, to: rows.count, by: size) {
            let part = rows[first..<min(first + size, rows.count)]
            let chosen = workspace.chosen.view(part.count)
            for (r, row) in part.enumerated() {
                chosen.row(r).update(from: normed.row(row), count: normed.width)
            }
            let values = workspace.logits(part.count)
            model.unembed(chosen, head, into: values)
            for r in 0..<part.count {
                output.row(first + r).update(from: values.row(r), count: values.width)
            }
        }
    }
}

import LinearAlgebra

/// A batch's rows, sequence after sequence: one row per token.
public struct RaggedRows: Sendable, Hashable {
    /// All rows.
    public let values: Matrix
    /// The row of each sequence's first token, and at the end the number of rows.
    public let starts: [Int]

    /// - Precondition: `starts` begins at 0, does not descend, and ends at the number of rows.
    public init(values: Matrix, starts: [Int]) {
        precondition(
            starts.first == 0 && starts.last == values.rows
                && zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 },
            "RaggedRows: \(values.rows) rows that begin at \(starts.prefix(8))…")
        self.values = values
        self.starts = starts
    }

    /// The rows of one sequence.
    public func sequence(_ index: Int) -> Matrix {
        let range = starts[index]..<starts[index + 1]
        let storage = values.storage[
            range.lowerBound * values.columns..<range.upperBound * values.columns]
        return Matrix(rows: range.count, columns: values.columns, storage: Array(storage))
    }
}

extension GPT2 {
    /// The residual stream at a place, for every token of every sequence.
    ///
    /// Blocks the calling thread; do not call it on the cooperative pool.
    ///
    /// - Parameters:
    ///   - sequences: tokens; each sequence 1 to `contextLength` of them.
    ///   - threads: how many threads share the sequences; the result is the same to the last bit.
    /// - Returns: rows of `width` floats, unscaled.
    /// - Throws: ``SubjectError`` if a sequence cannot be read or the place does not exist.
    /// - Complexity: about 2 · parameters of the blocks before the place, in flop per token.
    public func residuals(
        of sequences: [[Int]], at hook: HookPoint, threads: Int = 1
    ) throws(SubjectError) -> RaggedRows {
        try check(hook)
        return try collect(sequences, width: configuration.width, threads: threads) {
            chunk, workspace, output in
            run(sequences, chunk, halfBlocks: hook.halfBlocks, workspace)
            copy(workspace.stream.view(chunk.rowCount), into: output)
        }
    }

    /// The logits of the next token, for every token of every sequence.
    ///
    /// Blocks the calling thread, like ``residuals(of:at:threads:)``, whose parameters it shares.
    ///
    /// - Returns: rows of `vocabularySize` floats.
    public func logits(
        of sequences: [[Int]], threads: Int = 1
    ) throws(SubjectError) -> RaggedRows {
        let width = configuration.vocabularySize
        return try collect(sequences, width: width, threads: threads) {
            chunk, workspace, output in
            run(sequences, chunk, halfBlocks: 2 * blocks.count, workspace)
            unembed(chunk, workspace, into: output)
        }
    }

    /// The logits of the next token where other rows stand in the place of the stream.
    ///
    /// - Parameters:
    ///   - hook: where the stream is replaced; what comes before it is not computed.
    ///   - rows: one per token, in the order of the sequences.
    /// - Returns: as ``logits(of:threads:)``, which this equals where `rows` are those of
    ///   ``residuals(of:at:threads:)``.
    /// - Throws: ``SubjectError`` if a sequence cannot be read, the place does not exist, or the rows are
    ///   of another width.
    /// - Precondition: there are as many rows as tokens.
    public func logits(
        of sequences: [[Int]], replacing hook: HookPoint, with rows: Matrix, threads: Int = 1
    ) throws(SubjectError) -> RaggedRows {
        try check(hook)
        guard rows.columns == configuration.width else {
            throw .widthMismatch(
                of: "the rows to put at \(hook)", width: rows.columns, model: "model \(name)",
                modelWidth: configuration.width)
        }
        let count = sequences.reduce(0) { $0 + $1.count }
        precondition(rows.rows == count, "\(rows.rows) rows for \(count) tokens")
        let width = configuration.vocabularySize
        return try collect(sequences, width: width, threads: threads) {
            chunk, workspace, output in
            let stream = workspace.stream.view(chunk.rowCount)
            rows.withUnsafeBufferPointer { values in
                guard let base = values.baseAddress else { return }
                for r in 0..<chunk.rowCount {
                    stream.row(r).update(
                        from: base + (chunk.firstRow + r) * rows.columns, count: rows.columns)
                }
            }
            advance(sequences, chunk, hook.halfBlocks..<2 * blocks.count, workspace)
            unembed(chunk, workspace, into: output)
        }
    }

    /// Runs `body` for every chunk of a batch that has been checked.
    func forEachChunk(
        of sequences: [[Int]], threads: Int, _ body: @Sendable (Int, Chunk, Workspace) -> Void
    ) {
        let chunks = chunks(of: sequences)
        inParallel(chunks.count, threads: threads) { index in
            workspaces.use { body(index, chunks[index], $0) }
        }
    }

    func chunks(of sequences: [[Int]]) -> [Chunk] {
        let lengths = sequences.map(\.count)
        // No more than the longest needs, so that every thread gets some.
        return Chunk.split(
            lengths: lengths, capacity: max(Workspace.usualRows, lengths.max() ?? 0))
    }

    private func collect(
        _ sequences: [[Int]], width: Int, threads: Int,
        _ body: @Sendable (Chunk, Workspace, RowView) -> Void
    ) throws(SubjectError) -> RaggedRows {
        try check(sequences)
        var starts = [0]
        for sequence in sequences { starts.append(starts[starts.count - 1] + sequence.count) }
        let total = starts[sequences.count]
        let storage = [Float](unsafeUninitializedCapacity: total * width) { buffer, count in
            count = total * width
            guard let base = buffer.baseAddress else { return }
            // Chunks write to rows of their own.
            nonisolated(unsafe) let target = base
            forEachChunk(of: sequences, threads: threads) { _, chunk, workspace in
                let rows = RowView(
                    target + chunk.firstRow * width, count: chunk.rowCount, width: width)
                body(chunk, workspace, rows)
            }
        }
        return RaggedRows(
            values: Matrix(rows: total, columns: width, storage: storage), starts: starts)
    }

    /// Takes a chunk through the first half blocks; the stream is left in the workspace.
    func run(_ sequences: [[Int]], _ chunk: Chunk, halfBlocks: Int, _ workspace: Workspace) {
        embed(sequences, chunk, workspace.stream.view(chunk.rowCount))
        advance(sequences, chunk, 0..<halfBlocks, workspace)
    }

    /// Takes the stream that is in the workspace through some half blocks.
    private func advance(
        _ sequences: [[Int]], _ chunk: Chunk, _ halves: Range<Int>, _ workspace: Workspace
    ) {
        for half in halves {
            if half % 2 == 0 {
                attend(blocks[half / 2], sequences, chunk, workspace)
            } else {
                transform(blocks[half / 2], chunk.rowCount, workspace)
            }
        }
    }

    private func unembed(_ chunk: Chunk, _ workspace: Workspace, into output: RowView) {
        let normed = workspace.normed.view(chunk.rowCount)
        norm(workspace.stream.view(chunk.rowCount), finalNorm, into: normed)
        let logits = workspace.logits.view(chunk.rowCount)
        head.multiply(normed, into: logits)
        copy(logits, into: output)
    }

    private func embed(_ sequences: [[Int]], _ chunk: Chunk, _ stream: RowView) {
        tokenEmbedding.withUnsafeBufferPointer { tokens in
            positionEmbedding.withUnsafeBufferPointer { positions in
                var row = 0
                let width = configuration.width
                for sequence in sequences[chunk.sequences] {
                    for (position, token) in sequence.enumerated() {
                        let out = stream.row(row)
                        for c in 0..<width {
                            out[c] = tokens[token * width + c] + positions[position * width + c]
                        }
                        row += 1
                    }
                }
            }
        }
    }

    /// stream += attention(norm(stream)).
    private func attend(
        _ block: Block, _ sequences: [[Int]], _ chunk: Chunk, _ workspace: Workspace
    ) {
        let stream = workspace.stream.view(chunk.rowCount)
        let normed = workspace.normed.view(chunk.rowCount)
        let all = workspace.queryKeyValue.view(chunk.rowCount)
        norm(stream, block.attentionNorm, into: normed)
        block.queryKeyValue.multiply(normed, into: all)
        let (width, head) = (configuration.width, configuration.headWidth)
        var first = 0
        for sequence in sequences[chunk.sequences] {
            let rows = first..<first + sequence.count
            let part = all.rows(rows)
            for h in 0..<configuration.headCount {
                workspace.attention.run(
                    query: part.columns(h * head, width: head),
                    key: part.columns(width + h * head, width: head),
                    value: part.columns(2 * width + h * head, width: head),
                    into: normed.rows(rows).columns(h * head, width: head))
            }
            first += sequence.count
        }
        block.attentionOutput.multiply(normed, into: stream, adding: true)
    }

    /// stream += MLP(norm(stream)).
    private func transform(_ block: Block, _ count: Int, _ workspace: Workspace) {
        let stream = workspace.stream.view(count)
        let normed = workspace.normed.view(count)
        let inner = workspace.inner.view(count)
        norm(stream, block.mlpNorm, into: normed)
        block.expand.multiply(normed, into: inner)
        switch configuration.activation {
        case .geluNew: RowKernels.geluTanh(inner)
        case .gelu: RowKernels.geluExact(inner)
        case .relu: RowKernels.relu(inner)
        }
        block.contract.multiply(inner, into: stream, adding: true)
    }

    private func norm(_ rows: RowView, _ norm: GPT2Weights.Norm, into output: RowView) {
        norm.gain.withUnsafeBufferPointer { gain in
            norm.shift.withUnsafeBufferPointer { shift in
                RowKernels.layerNorm(
                    rows, gain: gain, shift: shift, epsilon: configuration.layerNormEpsilon,
                    into: output)
            }
        }
    }

    private func copy(_ rows: RowView, into output: RowView) {
        for r in 0..<rows.count { output.row(r).update(from: rows.row(r), count: rows.width) }
    }
}

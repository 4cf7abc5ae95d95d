import LinearAlgebra

extension BERT {
    /// Which place of the encoder is read.
    public enum Place: Hashable, Sendable {
        /// After the embeddings' norm.
        case embedding
        /// After a layer's second norm (TransformerLens: `blocks.N.hook_normalized_resid_post`).
        case layer(Int)
    }

    /// One row per token at a place.
    ///
    /// Blocks the calling thread; do not call it on the cooperative pool.
    ///
    /// - Parameters:
    ///   - sequences: tokens with the marks the model was trained with, for instance [CLS] … [SEP].
    ///   - types: each token's type, or nil for all 0.
    ///   - place: nil for the last layer.
    ///   - threads: how many threads share the sequences; the result is the same to the last bit.
    /// - Throws: ``SubjectError`` if a sequence cannot be read or the place does not exist.
    public func states(
        of sequences: [[Int]], types: [[Int]]? = nil, at place: Place? = nil, threads: Int = 1
    ) throws(SubjectError) -> RaggedRows {
        try check(sequences, types)
        let last = try lastLayer(place ?? .layer(configuration.layerCount - 1))
        let lengths = sequences.map(\.count)
        let output = RowBuffer(lengths: lengths, width: configuration.width)
        let capacity = max(TransformerWorkspace.usualRows, lengths.max() ?? 0)
        let chunks = Chunk.split(lengths: lengths, capacity: capacity)
        inParallel(chunks.count, threads: threads) { index in
            let own = chunks[index].sequences
            workspaces.use { workspace in
                workspace.reserve(rows: capacity, length: sequences[own].map(\.count).max() ?? 0)
                let stream = workspace.stream.view(chunks[index].rowCount)
                embed(sequences[own], types.map { $0[own] }, stream)
                for block in blocks[..<(last + 1)] { run(block, sequences[own], workspace) }
                let rows = output.view(own)
                for r in 0..<rows.count {
                    rows.row(r).update(from: stream.row(r), count: rows.width)
                }
            }
        }
        return output.rows
    }

    /// One vector per text: the mean of its tokens' last states, of length 1 if `normalized`.
    ///
    /// - Parameters: as of ``states(of:types:at:threads:)``.
    public func vectors(
        of sequences: [[Int]], types: [[Int]]? = nil, normalized: Bool = true, threads: Int = 1
    ) throws(SubjectError) -> Matrix {
        let states = try states(of: sequences, types: types, threads: threads)
        let width = configuration.width
        var result = Matrix(rows: sequences.count, columns: width)
        result.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for index in sequences.indices {
                let row = base + index * width
                for r in states.starts[index]..<states.starts[index + 1] {
                    for (c, value) in states.values.row(r).enumerated() { row[c] += value }
                }
                let mean = RowView(row, count: 1, width: width)
                RowKernels.scale(mean, by: 1 / Float(sequences[index].count))
                if normalized { RowKernels.normalizeLength(mean) }
            }
        }
        return result
    }

    private func lastLayer(_ place: Place) throws(SubjectError) -> Int {
        guard case .layer(let layer) = place else { return -1 }
        guard blocks.indices.contains(layer) else {
            throw .unknownHook(
                name: "layer \(layer)",
                available: "embedding, layer N with N in 0..<\(blocks.count)")
        }
        return layer
    }

    private func check(_ sequences: [[Int]], _ types: [[Int]]?) throws(SubjectError) {
        let c = configuration
        for (index, sequence) in sequences.enumerated() {
            guard !sequence.isEmpty else { throw .emptySequence(index: index) }
            guard sequence.count <= c.contextLength else {
                throw .longSequence(index: index, length: sequence.count, limit: c.contextLength)
            }
            for (position, token) in sequence.enumerated()
            where token < 0 || token >= c.vocabularySize {
                throw .unknownToken(
                    sequence: index, position: position, token: token,
                    vocabulary: c.vocabularySize)
            }
        }
        guard let types else { return }
        guard types.map(\.count) == sequences.map(\.count),
            types.allSatisfy({ $0.allSatisfy { $0 >= 0 && $0 < c.typeCount } })
        else { throw .badTypes(count: c.typeCount) }
    }

    private func embed(
        _ sequences: ArraySlice<[Int]>, _ types: ArraySlice<[Int]>?, _ stream: RowView
    ) {
        let width = configuration.width
        var row = 0
        for index in sequences.indices {
            for (position, token) in sequences[index].enumerated() {
                let type = types.map { $0[index][position] } ?? 0
                let out = stream.row(row)
                let first = (token * width, position * width, type * width)
                for c in 0..<width {
                    out[c] =
                        wordEmbedding.storage[first.0 + c] + typeEmbedding.storage[first.2 + c]
                        + positionEmbedding.storage[first.1 + c]
                }
                row += 1
            }
        }
        norm(stream, embeddingNorm)
    }

    private func run(_ block: Block, _ sequences: ArraySlice<[Int]>, _ w: BERTWorkspace) {
        let count = sequences.reduce(0) { $0 + $1.count }
        let (stream, branch) = (w.stream.view(count), w.branch.view(count))
        let (all, inner) = (w.queryKeyValue.view(count), w.inner.view(count))
        block.queryKeyValue.multiply(stream, into: all)
        var first = 0
        for sequence in sequences {
            attend(all.rows(first..<first + sequence.count), w, first)
            first += sequence.count
        }
        block.attentionOutput.multiply(w.mixture.view(count), into: stream, adding: true)
        norm(stream, block.attentionNorm)
        block.expand.multiply(stream, into: inner)
        switch configuration.activation {
        case .gelu: RowKernels.geluExact(inner)
        case .geluTanh: RowKernels.geluTanh(inner)
        case .relu: RowKernels.relu(inner)
        case .silu: RowKernels.silu(inner)
        }
        block.contract.multiply(inner, into: branch)
        RowKernels.add(branch, to: stream)
        norm(stream, block.outputNorm)
    }

    /// One sequence's heads, into the mixture's rows from `first` on.
    private func attend(_ all: RowView, _ w: BERTWorkspace, _ first: Int) {
        let (width, head) = (configuration.width, configuration.headWidth)
        let output = w.mixture.view(first + all.count).rows(first..<first + all.count)
        for h in 0..<configuration.headCount {
            w.memory.truncate(to: 0)
            w.memory.append(
                key: all.columns(width + h * head, width: head),
                value: all.columns(2 * width + h * head, width: head),
                scale: 1 / Float(head).squareRoot())
            w.attention.run(
                query: all.columns(h * head, width: head), over: w.memory,
                WindowedAttention.Shape(isCausal: false),
                into: output.columns(h * head, width: head))
        }
    }

    private func norm(_ rows: RowView, _ norm: Norm) {
        norm.gain.withUnsafeBufferPointer { gain in
            norm.shift.withUnsafeBufferPointer { shift in
                RowKernels.layerNorm(
                    rows, gain: gain, shift: shift, epsilon: configuration.normEpsilon, into: rows)
            }
        }
    }
}

/// What one worker needs for one chunk of texts; grows to the longest it has met.
final class BERTWorkspace: @unchecked Sendable {
    // Sendable because the pool lends it to one worker at a time, with a lock between one use and
    // the next.
    private(set) var stream: Scratch
    private(set) var branch: Scratch
    private(set) var queryKeyValue: Scratch
    private(set) var mixture: Scratch
    private(set) var inner: Scratch
    private(set) var attention: WindowedAttention
    private(set) var memory: KeyValues

    init(_ c: BERTConfiguration) {
        stream = Scratch(rows: 0, width: c.width)
        branch = Scratch(rows: 0, width: c.width)
        queryKeyValue = Scratch(rows: 0, width: 3 * c.width)
        mixture = Scratch(rows: 0, width: c.width)
        inner = Scratch(rows: 0, width: c.innerWidth)
        attention = WindowedAttention(headWidth: c.headWidth, capacity: 1)
        memory = KeyValues(headWidth: c.headWidth, capacity: 1)
    }

    func reserve(rows: Int, length: Int) {
        if rows > stream.capacity {
            func grown(_ scratch: Scratch) -> Scratch { Scratch(rows: rows, width: scratch.width) }
            (stream, branch, mixture) = (grown(stream), grown(branch), grown(mixture))
            (queryKeyValue, inner) = (grown(queryKeyValue), grown(inner))
        }
        if length > memory.capacity {
            attention = WindowedAttention(headWidth: memory.headWidth, capacity: length)
            memory = KeyValues(headWidth: memory.headWidth, capacity: length)
        }
    }
}

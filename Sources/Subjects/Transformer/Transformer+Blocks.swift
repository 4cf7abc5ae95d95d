import LinearAlgebra

/// Rows of a workspace that belong to one sequence.
struct Segment {
    let rows: Range<Int>
    let tokens: ArraySlice<Int>
    /// The position of its first token.
    let position: Int
    /// Keys and values of earlier positions, [layer][head of keys], or nil to start afresh.
    let memory: [[KeyValues]]?
}

/// Changes and copies rows as the pass reaches their place.
struct Observer {
    let interventions: [Intervention]
    /// Where the rows of a hook go, if they are wanted.
    let outputs: [TransformerHook: RowView]
    /// Rows for one hook, and where those of the first segment begin.
    var replacement: (ForwardRequest.Replacement, firstRow: Int)?

    func visit(_ hook: TransformerHook, _ rows: RowView, _ segments: [Segment]) {
        if let replacement, replacement.0.hook == hook {
            replace(rows, segments, replacement.0, replacement.firstRow)
        }
        for intervention in interventions where intervention.hook == hook {
            for segment in segments {
                for row in segment.rows {
                    let position = segment.position + row - segment.rows.lowerBound
                    guard intervention.positions.contains(position) else { continue }
                    intervention.apply(to: rows.row(row))
                }
            }
        }
        guard let output = outputs[hook] else { return }
        for r in 0..<rows.count { output.row(r).update(from: rows.row(r), count: rows.width) }
    }

    private func replace(
        _ rows: RowView, _ segments: [Segment], _ replacement: ForwardRequest.Replacement,
        _ firstRow: Int
    ) {
        replacement.rows.values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for segment in segments {
                for row in segment.rows.dropFirst(replacement.firstPosition) {
                    rows.row(row).update(
                        from: base + (firstRow + row) * rows.width, count: rows.width)
                }
            }
        }
    }
}

extension Transformer {
    /// Takes segments through blocks, the first of all; the stream is left in the workspace.
    func run(
        _ segments: [Segment], _ blocks: [TransformerWeights.Block], _ observer: Observer,
        _ w: TransformerWorkspace
    ) {
        let count = segments.last?.rows.upperBound ?? 0
        let stream = w.stream.view(count)
        embed(segments, stream)
        observer.visit(.embedding, stream, segments)
        addPositions(segments, stream)
        for (n, block) in blocks.enumerated() {
            observer.visit(.block(n, .residualPre), stream, segments)
            attend(n, block, segments, observer, w)
            if !configuration.hasParallelResidual {
                RowKernels.add(w.branch.view(count), to: stream)
                observer.visit(.block(n, .residualMid), stream, segments)
            }
            transform(n, block, segments, observer, w)
            observer.visit(.block(n, .residualPost), stream, segments)
        }
        if blocks.count < configuration.layerCount {
            observer.visit(.block(blocks.count, .residualPre), stream, segments)
        }
    }

    private func embed(_ segments: [Segment], _ stream: RowView) {
        var lookups = 0
        for segment in segments {
            for (row, token) in zip(segment.rows, segment.tokens) {
                read(weights.embedding, token, into: stream.row(row))
                weights.embedding.noteLookup(&lookups)
            }
        }
        if configuration.embeddingScale != 1 {
            RowKernels.scale(stream, by: configuration.embeddingScale)
        }
    }

    /// Adds the learned vectors of the positions, where there are any.
    private func addPositions(_ segments: [Segment], _ stream: RowView) {
        guard let positions = weights.positions else { return }
        let width = stream.width
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { learned in
            guard let base = learned.baseAddress else { return }
            for segment in segments {
                for row in segment.rows {
                    let place = segment.position + row - segment.rows.lowerBound
                    read(positions, place, into: base)
                    let output = stream.row(row)
                    for c in 0..<width { output[c] += base[c] }
                }
            }
        }
    }

    private func read(
        _ table: MappedTensor, _ row: Int, into output: UnsafeMutablePointer<Float>
    ) {
        let width = table.rowLength
        table.widen(
            row * width..<(row + 1) * width,
            into: UnsafeMutableBufferPointer(start: output, count: width))
    }

    /// branch = attention(norm(stream)).
    private func attend(
        _ n: Int, _ block: TransformerWeights.Block, _ segments: [Segment], _ observer: Observer,
        _ w: TransformerWorkspace
    ) {
        let count = segments.last?.rows.upperBound ?? 0
        let normed = w.normed.view(count)
        let all = w.queryKeyValue.view(count)
        norm(w.stream.view(count), block.attentionNorm, into: normed)
        block.queryKeyValue.multiply(normed, into: all)
        for segment in segments { mix(n, block, segment, all.rows(segment.rows), w) }
        let mixture = w.mixture.view(count)
        observer.visit(.block(n, .mixture), mixture, segments)
        let branch = w.branch.view(count)
        block.attentionOutput.multiply(mixture, into: branch)
        if let own = block.attentionOutputNorm { norm(branch, own, into: branch) }
        observer.visit(.block(n, .attentionOut), branch, segments)
    }

    /// One sequence's heads, from queries, keys and values to mixtures.
    private func mix(
        _ n: Int, _ block: TransformerWeights.Block, _ segment: Segment, _ all: RowView,
        _ w: TransformerWorkspace
    ) {
        let c = configuration
        let (width, groups, layer) = (c.headWidth, c.keyValueHeadCount, c.layers[n])
        let positions = segment.position..<segment.position + segment.rows.count
        let angles = layer.rotary.map { rotary in
            [w.cosines, w.sines].map { $0[rotary].view(positions.upperBound).rows(positions) }
        }
        func place(_ head: Int, _ own: TransformerWeights.Norm?) -> RowView {
            let view = all.columns(head * width, width: width)
            if let own { norm(view, own, into: view) }
            if let angles { RowKernels.rotateHalves(view, cosines: angles[0], sines: angles[1]) }
            return view
        }
        let shape = WindowedAttention.Shape(window: layer.window, softCap: c.attentionSoftCap)
        let perGroup = c.headCount / groups
        for group in 0..<groups {
            let memory = segment.memory?[n][group] ?? w.memory
            memory.truncate(to: segment.position)
            let key = place(c.headCount + group, block.keyNorm)
            let value = all.columns((c.headCount + groups + group) * width, width: width)
            memory.append(key: key, value: value, scale: c.attentionScale)
            for head in group * perGroup..<(group + 1) * perGroup {
                w.attention.run(
                    query: place(head, block.queryNorm), over: memory, shape,
                    into: w.mixture.view(segment.rows.upperBound).rows(segment.rows)
                        .columns(head * width, width: width))
            }
        }
    }

    /// stream += MLP(norm(stream)), and with a parallel residual the branch that waits.
    private func transform(
        _ n: Int, _ block: TransformerWeights.Block, _ segments: [Segment], _ observer: Observer,
        _ w: TransformerWorkspace
    ) {
        let count = segments.last?.rows.upperBound ?? 0
        let (stream, branch) = (w.stream.view(count), w.branch.view(count))
        let normed = w.normed.view(count)
        let inner = w.inner.view(count)
        norm(stream, block.mlpNorm, into: normed)
        if configuration.hasParallelResidual { RowKernels.add(branch, to: stream) }
        block.expand.multiply(normed, into: inner)
        let width = configuration.innerWidth
        let neurons = inner.columns(0, width: width)
        activate(neurons)
        if configuration.hasGatedMLP {
            RowKernels.multiply(neurons, by: inner.columns(width, width: width))
        }
        observer.visit(.block(n, .neurons), neurons, segments)
        block.contract.multiply(neurons, into: branch)
        if let own = block.mlpOutputNorm { norm(branch, own, into: branch) }
        observer.visit(.block(n, .mlpOut), branch, segments)
        RowKernels.add(branch, to: stream)
    }

    private func activate(_ rows: RowView) {
        switch configuration.activation {
        case .gelu: RowKernels.geluExact(rows)
        case .geluTanh: RowKernels.geluTanh(rows)
        case .relu: RowKernels.relu(rows)
        case .silu: RowKernels.silu(rows)
        }
    }

    func norm(_ rows: RowView, _ norm: TransformerWeights.Norm, into output: RowView) {
        let epsilon = configuration.normEpsilon
        norm.gain.withUnsafeBufferPointer { gain in
            guard !configuration.usesRMSNorm else {
                RowKernels.rmsNorm(rows, gain: gain, epsilon: epsilon, into: output)
                return
            }
            norm.shift.withUnsafeBufferPointer { shift in
                RowKernels.layerNorm(rows, gain: gain, shift: shift, epsilon: epsilon, into: output)
            }
        }
    }

    /// Logits of rows that have been through all blocks and the last norm.
    func unembed(_ rows: RowView, _ head: PackedMatrix, into logits: RowView) {
        head.multiply(rows, into: logits)
        if let cap = configuration.logitSoftCap { RowKernels.softCap(logits, cap: cap) }
    }
}

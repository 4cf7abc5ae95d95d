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

    func visit(_ hook: TransformerHook, _ rows: RowView, _ segments: [Segment]) {
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
}

extension Transformer {
    /// Takes segments through the blocks up to `last`; the stream is left in the workspace.
    func run(_ segments: [Segment], last: Int, _ observer: Observer, _ w: TransformerWorkspace) {
        let count = segments.last?.rows.upperBound ?? 0
        let stream = w.stream.view(count)
        embed(segments, stream)
        observer.visit(.embedding, stream, segments)
        for n in 0..<last + 1 {
            observer.visit(.block(n, .residualPre), stream, segments)
            attend(n, segments, observer, w)
            if !configuration.hasParallelResidual {
                RowKernels.add(w.branch.view(count), to: stream)
                observer.visit(.block(n, .residualMid), stream, segments)
            }
            transform(n, segments, observer, w)
            observer.visit(.block(n, .residualPost), stream, segments)
        }
        if last + 1 < configuration.layerCount {
            observer.visit(.block(last + 1, .residualPre), stream, segments)
        }
    }

    private func embed(_ segments: [Segment], _ stream: RowView) {
        for segment in segments {
            for (row, token) in zip(segment.rows, segment.tokens) {
                if let embedding = weights.embedding {
                    embedding.withUnsafeBufferPointer { values in
                        guard let base = values.baseAddress else { return }
                        stream.row(row).update(
                            from: base + token * stream.width, count: stream.width)
                    }
                } else {
                    weights.head.copyColumn(token, into: stream.row(row))
                }
            }
        }
        if configuration.embeddingScale != 1 {
            RowKernels.scale(stream, by: configuration.embeddingScale)
        }
    }

    /// branch = attention(norm(stream)).
    private func attend(
        _ n: Int, _ segments: [Segment], _ observer: Observer, _ w: TransformerWorkspace
    ) {
        let count = segments.last?.rows.upperBound ?? 0
        let block = weights.blocks[n]
        let normed = w.normed.view(count)
        let all = w.queryKeyValue.view(count)
        norm(w.stream.view(count), block.attentionNorm, into: normed)
        block.queryKeyValue.multiply(normed, into: all)
        for segment in segments { mix(n, segment, all.rows(segment.rows), w) }
        let mixture = w.mixture.view(count)
        observer.visit(.block(n, .mixture), mixture, segments)
        let branch = w.branch.view(count)
        block.attentionOutput.multiply(mixture, into: branch)
        if let own = block.attentionOutputNorm { norm(branch, own, into: branch) }
        observer.visit(.block(n, .attentionOut), branch, segments)
    }

    /// One sequence's heads, from queries, keys and values to mixtures.
    private func mix(_ n: Int, _ segment: Segment, _ all: RowView, _ w: TransformerWorkspace) {
        let c = configuration
        let (width, groups, block, layer) =
            (c.headWidth, c.keyValueHeadCount, weights.blocks[n], c.layers[n])
        let positions = segment.position..<segment.position + segment.rows.count
        let cosines = w.cosines[layer.rotary].view(positions.upperBound).rows(positions)
        let sines = w.sines[layer.rotary].view(positions.upperBound).rows(positions)
        func place(_ head: Int, _ own: TransformerWeights.Norm?) -> RowView {
            let view = all.columns(head * width, width: width)
            if let own { norm(view, own, into: view) }
            RowKernels.rotateHalves(view, cosines: cosines, sines: sines)
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
        _ n: Int, _ segments: [Segment], _ observer: Observer, _ w: TransformerWorkspace
    ) {
        let count = segments.last?.rows.upperBound ?? 0
        let block = weights.blocks[n]
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
    func unembed(_ rows: RowView, into logits: RowView) {
        weights.head.multiply(rows, into: logits)
        if let cap = configuration.logitSoftCap { RowKernels.softCap(logits, cap: cap) }
    }
}

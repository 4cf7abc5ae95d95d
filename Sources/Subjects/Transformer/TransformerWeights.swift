import LinearAlgebra

/// A decoder's weights, packed for multiplying.
struct TransformerWeights: Sendable {
    /// A norm's factors, and its summands if it is a layer norm.
    struct Norm: Sendable {
        let gain: [Float]
        let shift: [Float]
    }

    struct Block: Sendable {
        let attentionNorm: Norm
        /// Queries, keys and values in this order, heads in order within each.
        let queryKeyValue: PackedMatrix
        /// Over a head's columns, if queries and keys are normed.
        let queryNorm: Norm?
        let keyNorm: Norm?
        let attentionOutput: PackedMatrix
        /// Of attention's output, if outputs are normed.
        let attentionOutputNorm: Norm?
        let mlpNorm: Norm
        /// Gate and up side by side if the MLP is gated.
        let expand: PackedMatrix
        let contract: PackedMatrix
        /// Of the MLP's output, if outputs are normed.
        let mlpOutputNorm: Norm?
    }

    /// [vocabulary × width], or nil if it is the head's.
    let embedding: Matrix?
    let blocks: [Block]
    let finalNorm: Norm
    let head: PackedMatrix
}

extension TransformerWeights {
    /// Reads the tensors of a Hugging Face decoder.
    init(_ folder: TensorFolder, _ c: TransformerConfiguration) throws(SubjectError) {
        var reader = DecoderTensors(reader: TensorReader(folder), c: c)
        var blocks: [Block] = []
        for n in 0..<c.layerCount { blocks.append(try reader.block(n)) }
        self.blocks = blocks
        finalNorm = try reader.finalNorm()
        (embedding, head) = try reader.embeddings()
        try reader.reader.refuseOthers()
    }
}

/// Finds a decoder's tensors by their Hugging Face names.
private struct DecoderTensors {
    var reader: TensorReader
    let c: TransformerConfiguration

    private var isNeoX: Bool { c.family == .gptNeoX }
    private var prefix: String { isNeoX ? "gpt_neox." : "model." }

    mutating func norm(_ name: String, _ width: Int) throws(SubjectError) -> TransformerWeights.Norm
    {
        var gain = try reader.floats("\(name).weight", width)
        if c.offsetsGain { for i in gain.indices { gain[i] += 1 } }
        let shift = c.usesRMSNorm ? [] : try reader.floats("\(name).bias", width)
        return TransformerWeights.Norm(gain: gain, shift: shift)
    }

    mutating func finalNorm() throws(SubjectError) -> TransformerWeights.Norm {
        try norm(prefix + (isNeoX ? "final_layer_norm" : "norm"), c.width)
    }

    mutating func embeddings() throws(SubjectError) -> (Matrix?, PackedMatrix) {
        let name = prefix + (isNeoX ? "embed_in.weight" : "embed_tokens.weight")
        let output = isNeoX ? "embed_out.weight" : "lm_head.weight"
        let input = try reader.floats(name, c.vocabularySize, c.width)
        func pack(_ values: [Float]) -> PackedMatrix {
            PackedMatrix(transpose: values, inner: c.width, columns: c.vocabularySize)
        }
        guard c.tiesEmbedding else {
            let head = pack(try reader.floats(output, c.vocabularySize, c.width))
            return (Matrix(rows: c.vocabularySize, columns: c.width, storage: input), head)
        }
        // A copy of what is tied may be there, but must not say something else.
        if reader.folder.contains(output) {
            let copy = try reader.floats(output, c.vocabularySize, c.width)
            guard copy == input else {
                throw .invalidField(
                    path: reader.folder.path, field: output, found: "other than \(name)",
                    expected: "the same, as tie_word_embeddings is true")
            }
        }
        return (nil, pack(input))
    }

    mutating func block(_ n: Int) throws(SubjectError) -> TransformerWeights.Block {
        isNeoX ? try neoXBlock("gpt_neox.layers.\(n).") : try llamaBlock("model.layers.\(n).")
    }

    private mutating func llamaBlock(_ h: String) throws(SubjectError) -> TransformerWeights.Block {
        let (q, kv) = (c.mixtureWidth, c.keyValueHeadCount * c.headWidth)
        let own = h + "self_attn."
        return TransformerWeights.Block(
            attentionNorm: try norm(h + "input_layernorm", c.width),
            queryKeyValue: try reader.linear(
                [own + "q_proj", own + "k_proj", own + "v_proj"], c.width, [q, kv, kv],
                bias: c.hasQueryKeyValueBias),
            queryNorm: c.normsQueriesAndKeys ? try norm(own + "q_norm", c.headWidth) : nil,
            keyNorm: c.normsQueriesAndKeys ? try norm(own + "k_norm", c.headWidth) : nil,
            attentionOutput: try reader.linear(
                own + "o_proj", q, c.width, bias: c.hasAttentionOutputBias),
            attentionOutputNorm: c.normsOutputs
                ? try norm(h + "post_attention_layernorm", c.width) : nil,
            mlpNorm: try norm(
                h + (c.normsOutputs ? "pre_feedforward_layernorm" : "post_attention_layernorm"),
                c.width),
            expand: try reader.linear(
                [h + "mlp.gate_proj", h + "mlp.up_proj"], c.width, [c.innerWidth, c.innerWidth],
                bias: c.hasMLPBias),
            contract: try reader.linear(
                h + "mlp.down_proj", c.innerWidth, c.width, bias: c.hasMLPBias),
            mlpOutputNorm: c.normsOutputs
                ? try norm(h + "post_feedforward_layernorm", c.width) : nil)
    }

    private mutating func neoXBlock(_ h: String) throws(SubjectError) -> TransformerWeights.Block {
        let own = h + "attention."
        for buffer in ["bias", "masked_bias", "rotary_emb.inv_freq"] { reader.ignore(own + buffer) }
        return TransformerWeights.Block(
            attentionNorm: try norm(h + "input_layernorm", c.width),
            queryKeyValue: try interleaved(own + "query_key_value"), queryNorm: nil, keyNorm: nil,
            attentionOutput: try reader.linear(
                own + "dense", c.mixtureWidth, c.width, bias: c.hasAttentionOutputBias),
            attentionOutputNorm: nil, mlpNorm: try norm(h + "post_attention_layernorm", c.width),
            expand: try reader.linear(
                h + "mlp.dense_h_to_4h", c.width, c.innerWidth, bias: true),
            contract: try reader.linear(
                h + "mlp.dense_4h_to_h", c.innerWidth, c.width, bias: true),
            mlpOutputNorm: nil)
    }

    /// [head][query, key, value][dimension] rows, put into the order of ``Block/queryKeyValue``.
    private mutating func interleaved(_ name: String) throws(SubjectError) -> PackedMatrix {
        let (heads, width) = (c.headCount, c.headWidth)
        let weights = try reader.floats("\(name).weight", 3 * heads * width, c.width)
        let bias =
            c.hasQueryKeyValueBias ? try reader.floats("\(name).bias", 3 * heads * width) : nil
        func sorted(_ rows: [Float], _ length: Int) -> [Float] {
            var result: [Float] = []
            result.reserveCapacity(rows.count)
            for part in 0..<3 {
                for head in 0..<heads {
                    let first = (3 * head + part) * width * length
                    result += rows[first..<first + width * length]
                }
            }
            return result
        }
        return PackedMatrix(
            transpose: sorted(weights, c.width), inner: c.width, columns: 3 * heads * width,
            bias: bias.map { sorted($0, 1) })
    }
}

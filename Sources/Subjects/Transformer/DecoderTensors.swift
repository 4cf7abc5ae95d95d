import LinearAlgebra

/// Finds a decoder's tensors by their Hugging Face names.
struct DecoderTensors {
    var reader: TensorReader
    let c: TransformerConfiguration
    /// What comes before all names but the head's.
    private let prefix: String

    init(_ folder: TensorFolder, _ c: TransformerConfiguration) {
        reader = TensorReader(folder)
        self.c = c
        switch c.family {
        case .gptNeoX: prefix = "gpt_neox."
        // Files of the bare model have none.
        case .gpt2: prefix = folder.contains("wte.weight") ? "" : "transformer."
        default: prefix = "model."
        }
    }

    mutating func norm(_ name: String, _ width: Int) throws(SubjectError) -> NormPlan {
        NormPlan(
            gain: try reader.tensor("\(name).weight", width),
            shift: c.usesRMSNorm ? nil : try reader.tensor("\(name).bias", width),
            offsetsGain: c.offsetsGain)
    }

    mutating func finalNorm() throws(SubjectError) -> NormPlan {
        let name =
            switch c.family {
            case .gptNeoX: "final_layer_norm"
            case .gpt2: "ln_f"
            default: "norm"
            }
        return try norm(prefix + name, c.width)
    }

    /// The learned positions, where there are any.
    mutating func positions() throws(SubjectError) -> MappedTensor? {
        guard c.hasLearnedPositions else { return nil }
        return try reader.tensor(prefix + "wpe.weight", c.contextLength, c.width)
    }

    mutating func embeddings() throws(SubjectError) -> (MappedTensor, LinearPlan) {
        let own =
            switch c.family {
            case .gptNeoX: "embed_in.weight"
            case .gpt2: "wte.weight"
            default: "embed_tokens.weight"
            }
        let name = prefix + own
        let output = c.family == .gptNeoX ? "embed_out.weight" : "lm_head.weight"
        let input = try reader.tensor(name, c.vocabularySize, c.width)
        func head(_ tensor: MappedTensor) -> LinearPlan {
            LinearPlan(weights: [tensor], biases: [], inputs: c.width, layout: .rows)
        }
        guard c.tiesEmbedding else {
            return (input, head(try reader.tensor(output, c.vocabularySize, c.width)))
        }
        // A copy of what is tied may be there, but must not say something else.
        if reader.folder.contains(output) {
            let copy = try reader.tensor(output, c.vocabularySize, c.width)
            guard try copy.equals(input) else {
                throw .invalidField(
                    path: reader.folder.path, field: output, found: "other than \(name)",
                    expected: "the same, as tie_word_embeddings is true")
            }
        }
        return (input, head(input))
    }

    mutating func block(_ n: Int) throws(SubjectError) -> BlockPlan {
        switch c.family {
        case .gptNeoX: try neoXBlock("gpt_neox.layers.\(n).")
        case .gpt2: try gpt2Block("\(prefix)h.\(n).")
        default: try llamaBlock("model.layers.\(n).")
        }
    }

    private mutating func llamaBlock(_ h: String) throws(SubjectError) -> BlockPlan {
        let (q, kv) = (c.mixtureWidth, c.keyValueHeadCount * c.headWidth)
        let own = h + "self_attn."
        return BlockPlan(
            attentionNorm: try norm(h + "input_layernorm", c.width),
            queryKeyValue: try reader.plan(
                [own + "q_proj", own + "k_proj", own + "v_proj"], c.width, [q, kv, kv],
                bias: c.hasQueryKeyValueBias),
            queryNorm: c.normsQueriesAndKeys ? try norm(own + "q_norm", c.headWidth) : nil,
            keyNorm: c.normsQueriesAndKeys ? try norm(own + "k_norm", c.headWidth) : nil,
            attentionOutput: try reader.plan(
                [own + "o_proj"], q, [c.width], bias: c.hasAttentionOutputBias),
            attentionOutputNorm: c.normsOutputs
                ? try norm(h + "post_attention_layernorm", c.width) : nil,
            mlpNorm: try norm(
                h + (c.normsOutputs ? "pre_feedforward_layernorm" : "post_attention_layernorm"),
                c.width),
            expand: try reader.plan(
                [h + "mlp.gate_proj", h + "mlp.up_proj"], c.width, [c.innerWidth, c.innerWidth],
                bias: c.hasMLPBias),
            contract: try reader.plan(
                [h + "mlp.down_proj"], c.innerWidth, [c.width], bias: c.hasMLPBias),
            mlpOutputNorm: c.normsOutputs
                ? try norm(h + "post_feedforward_layernorm", c.width) : nil)
    }

    private mutating func neoXBlock(_ h: String) throws(SubjectError) -> BlockPlan {
        let own = h + "attention."
        for buffer in ["bias", "masked_bias", "rotary_emb.inv_freq"] { reader.ignore(own + buffer) }
        let (heads, width) = (c.headCount, c.headWidth)
        var all = try reader.plan(
            [own + "query_key_value"], c.width, [3 * heads * width], bias: c.hasQueryKeyValueBias)
        // The file has [head][query, key, value][dimension].
        all.order = { column in
            let (part, head) = (column / (heads * width), column / width % heads)
            return (3 * head + part) * width + column % width
        }
        return BlockPlan(
            attentionNorm: try norm(h + "input_layernorm", c.width), queryKeyValue: all,
            attentionOutput: try reader.plan(
                [own + "dense"], c.mixtureWidth, [c.width], bias: c.hasAttentionOutputBias),
            mlpNorm: try norm(h + "post_attention_layernorm", c.width),
            expand: try reader.plan([h + "mlp.dense_h_to_4h"], c.width, [c.innerWidth], bias: true),
            contract: try reader.plan(
                [h + "mlp.dense_4h_to_h"], c.innerWidth, [c.width], bias: true))
    }

    private mutating func gpt2Block(_ h: String) throws(SubjectError) -> BlockPlan {
        for buffer in ["bias", "masked_bias"] { reader.ignore("\(h)attn.\(buffer)") }
        let (d, inner) = (c.width, c.innerWidth)
        func plan(
            _ reader: inout TensorReader, _ name: String, _ inputs: Int, _ outputs: Int
        ) throws(SubjectError) -> LinearPlan {
            try reader.plan([h + name], inputs, [outputs], bias: true, layout: .columns)
        }
        return BlockPlan(
            attentionNorm: try norm(h + "ln_1", d),
            queryKeyValue: try plan(&reader, "attn.c_attn", d, 3 * d),
            attentionOutput: try plan(&reader, "attn.c_proj", d, d),
            mlpNorm: try norm(h + "ln_2", d), expand: try plan(&reader, "mlp.c_fc", d, inner),
            contract: try plan(&reader, "mlp.c_proj", inner, d))
    }
}

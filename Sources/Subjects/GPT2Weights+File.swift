import LinearAlgebra

extension GPT2Weights {
    /// Reads the tensors of a Hugging Face GPT-2, with or without the prefix `transformer.`.
    init(
        _ file: Safetensors, _ c: GPT2Configuration, tiesEmbedding: Bool
    ) throws(SubjectError) {
        let reader = GPT2TensorReader(file: file)
        let d = c.width
        tokenEmbedding = try reader.matrix("wte.weight", c.vocabularySize, d)
        positionEmbedding = try reader.matrix("wpe.weight", c.contextLength, d)
        var blocks: [Block] = []
        for n in 0..<c.layerCount {
            let h = "h.\(n)."
            blocks.append(
                Block(
                    attentionNorm: try reader.norm(h + "ln_1", d),
                    queryKeyValue: try reader.affine(h + "attn.c_attn", d, 3 * d),
                    attentionOutput: try reader.affine(h + "attn.c_proj", d, d),
                    mlpNorm: try reader.norm(h + "ln_2", d),
                    expand: try reader.affine(h + "mlp.c_fc", d, c.innerWidth),
                    contract: try reader.affine(h + "mlp.c_proj", c.innerWidth, d)))
        }
        self.blocks = blocks
        finalNorm = try reader.norm("ln_f", d)
        let hasHead = !tiesEmbedding
        head =
            hasHead ? try file.matrix("lm_head.weight", rows: c.vocabularySize, columns: d) : nil
        try reader.refuseOthers(layerCount: c.layerCount)
    }
}

/// Finds tensors by the names without prefix.
private struct GPT2TensorReader {
    let file: Safetensors
    let prefix: String

    init(file: Safetensors) {
        self.file = file
        prefix = file.entry("transformer.wte.weight") == nil ? "" : "transformer."
    }

    func matrix(_ name: String, _ rows: Int, _ columns: Int) throws(SubjectError) -> Matrix {
        try file.matrix(prefix + name, rows: rows, columns: columns)
    }

    func norm(_ name: String, _ width: Int) throws(SubjectError) -> GPT2Weights.Norm {
        GPT2Weights.Norm(
            gain: try file.floats("\(prefix)\(name).weight", shape: [width]),
            shift: try file.floats("\(prefix)\(name).bias", shape: [width]))
    }

    func affine(
        _ name: String, _ inputs: Int, _ outputs: Int
    ) throws(SubjectError) -> GPT2Weights.Affine {
        GPT2Weights.Affine(
            weights: try matrix("\(name).weight", inputs, outputs),
            bias: try file.floats("\(prefix)\(name).bias", shape: [outputs]))
    }

    /// Every tensor must be one that is read, or the causal mask that old files carry along.
    func refuseOthers(layerCount: Int) throws(SubjectError) {
        var known: Set<String> = ["lm_head.weight"]
        for name in ["wte.weight", "wpe.weight", "ln_f.weight", "ln_f.bias"] {
            known.insert(prefix + name)
        }
        let parts = ["ln_1", "ln_2", "attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"]
        for n in 0..<layerCount {
            let h = "\(prefix)h.\(n)."
            for part in parts { known.formUnion(["\(h)\(part).weight", "\(h)\(part).bias"]) }
            known.formUnion([h + "attn.bias", h + "attn.masked_bias"])
        }
        for entry in file.entries where !known.contains(entry.name) {
            throw .unknownTensor(path: file.path, tensor: entry.name)
        }
    }
}

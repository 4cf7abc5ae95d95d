import LinearAlgebra

/// Gemma Scope 1 (`params.npz`) and 2 (`config.json` with `params.safetensors`): jump ReLUs on rows
/// as the model has them.
///
/// - Source: Lieberum et al. 2024, "Gemma Scope"; the loaders of SAELens 6.54.
enum GemmaScope {
    /// Version 1: W_enc [d, F], W_dec [F, e], b_enc, b_dec, threshold, in either case of letters.
    static func read(_ archive: NumPyArchive) throws(SubjectError) -> PublishedParts {
        let isUpper = archive.has("W_enc")
        let names =
            isUpper ? ("W_enc", "W_dec") : ("w_enc", "w_dec")
        try archive.refuseOthers(than: [names.0, names.1, "b_enc", "b_dec", "threshold"])
        var parts = try parts(archive, encoder: names.0, decoder: names.1)
        parts.origin.prependsBOS = true
        parts.origin.contextSize = 1024
        parts.note("file", "names neither model nor hook point: its folder's name does")
        parts.note("embeddings", "a dictionary of them reads them before they are scaled by √d")
        return parts
    }

    /// Version 2.
    static func read2(folder: String) throws(SubjectError) -> PublishedParts {
        let fields = try ConfigurationFields(path: folder + "/config.json")
        let known: Set<String> = [
            "architecture", "hf_hook_point_in", "hf_hook_point_out", "model_name", "width", "l0",
            "affine_connection", "type",
        ]
        try fields.refuseOthers(than: known)
        guard try fields.text("architecture") == "jump_relu" else {
            throw fields.unsupported("architecture", "only jump_relu is computed")
        }
        let tensors = try Safetensors(path: folder + "/params.safetensors")
        let hasSkip = try fields.flag("affine_connection", default: false)
        var names: Set<String> = ["w_enc", "w_dec", "b_enc", "b_dec", "threshold"]
        if hasSkip { names.insert("affine_skip_connection") }
        try tensors.refuseOthers(than: names)
        var parts = try parts(tensors, encoder: "w_enc", decoder: "w_dec")
        if fields.present("width") != nil, try fields.size("width") != parts.weights.decoder.rows {
            throw fields.invalid("width", "\(parts.weights.decoder.rows), as the tensors have it")
        }
        if hasSkip {
            parts.weights.skip = try tensors.matrix(
                "affine_skip_connection", rows: parts.weights.encoder.rows,
                columns: parts.weights.decoder.columns)
        }
        parts.origin.modelName = try fields.optionalText("model_name")
        parts.origin.prependsBOS = true
        if let input = try fields.optionalText("hf_hook_point_in") {
            parts.origin.hookName = HuggingFaceModule.hookName(input)
            parts.note("module", input)
        }
        if let output = try fields.optionalText("hf_hook_point_out") {
            parts.note("output module", output)
        }
        return parts
    }

    private static func parts(
        _ tensors: some TensorSource, encoder: String, decoder: String
    ) throws(SubjectError) -> PublishedParts {
        let (d, f) = try tensors.size(of: encoder)
        let e = try tensors.size(of: decoder).columns
        return PublishedParts(
            weights: .init(
                encoder: try tensors.matrix(encoder, rows: d, columns: f),
                encoderBias: try tensors.floats("b_enc", shape: [f]),
                decoder: try tensors.matrix(decoder, rows: f, columns: e),
                decoderBias: try tensors.floats("b_dec", shape: [e])),
            architecture: .jumpReLU(threshold: try tensors.floats("threshold", shape: [f])))
    }
}

/// Module paths of the library transformers.
enum HuggingFaceModule {
    /// The TransformerLens name of a block's output, for instance of "model.layers.3.output",
    /// "layers.3", "transformer.h.3" or "gpt_neox.layers.3"; nil for any other module.
    static func hookName(_ module: String) -> String? {
        var parts = module.split(separator: ".", omittingEmptySubsequences: false)[...]
        if parts.last == "output" { parts.removeLast() }
        if let first = parts.first, ["model", "transformer", "gpt_neox"].contains(first) {
            parts.removeFirst()
        }
        guard parts.count == 2, let stack = parts.first, stack == "layers" || stack == "h",
            let last = parts.last, let layer = Int(last), layer >= 0, String(layer) == last
        else { return nil }
        return "blocks.\(layer).hook_resid_post"
    }
}

import LinearAlgebra

/// Llama Scope: `hyperparams.json` and `checkpoints/final.safetensors`.
///
/// x̃ = x √d / mean ‖x‖ with the mean norms of the configuration, for a transcoder that of its output
/// in going back. The threshold is in the units of x, so that of x̃ is `jump_relu_threshold` times
/// the same factor.
///
/// - Source: He et al. 2024, "Llama Scope"; the loader of SAELens 6.54 (which folds the factor into
///   the weights); OpenMOSS/Language-Model-SAEs, `standardize_parameters_of_dataset_norm`.
enum LlamaScope {
    static func read(folder: String) throws(SubjectError) -> PublishedParts {
        let fields = try ConfigurationFields(path: folder + "/hyperparams.json")
        try check(fields)
        let (d, f) = (try fields.size("d_model"), try fields.size("d_sae"))
        let tensors = try Safetensors(path: folder + "/checkpoints/final.safetensors")
        let hasBias = try fields.flag("use_decoder_bias", default: true)
        var names: Set<String> = ["encoder.weight", "encoder.bias", "decoder.weight"]
        if hasBias { names.insert("decoder.bias") }
        try tensors.refuseOthers(than: names)
        let scales = try scales(fields, d)
        let threshold = Float(try positive(fields, "jump_relu_threshold")) * scales.input
        let weights = SparseAutoencoder.Weights(
            encoder: try tensors.matrix("encoder.weight", rows: d, columns: f, transposed: true),
            encoderBias: try tensors.floats("encoder.bias", shape: [f]),
            decoder: try tensors.matrix("decoder.weight", rows: f, columns: d, transposed: true),
            decoderBias: hasBias
                ? try tensors.floats("decoder.bias", shape: [d])
                : [Float](repeating: 0, count: d))
        if try fields.flag("sparsity_include_decoder_norm", default: false) {
            try checkNorms(weights.decoder, fields)
        }
        var parts = PublishedParts(
            weights: weights,
            architecture: .jumpReLU(threshold: [Float](repeating: threshold, count: f)),
            subtractsDecoderBias: try fields.flag(
                "apply_decoder_bias_to_pre_encoder", default: false),
            preparation: .init(
                normalisation: .scaled(input: scales.input, output: scales.output)))
        parts.origin.hookName = try fields.text("hook_point_in")
        parts.note("output hook point", try fields.text("hook_point_out"))
        parts.note("threshold", "jump_relu_threshold times the factor of inputs, \(threshold)")
        return parts
    }

    private static func check(_ fields: ConfigurationFields) throws(SubjectError) {
        try fields.refuseOthers(than: [
            "d_model", "d_sae", "use_decoder_bias", "apply_decoder_bias_to_pre_encoder", "act_fn",
            "jump_relu_threshold", "norm_activation", "dataset_average_activation_norm",
            "hook_point_in", "hook_point_out", "use_glu_encoder", "use_ghost_grads",
            "sparsity_include_decoder_norm", "init_encoder_with_decoder_transpose",
            "init_decoder_norm", "init_encoder_norm", "decoder_exactly_fixed_norm",
            "decoder_bias_init_method", "expansion_factor", "top_k", "k", "l1_coefficient",
            "lp", "dtype", "device", "seed", "use_batch_norm_mse",
        ])
        guard try fields.text("act_fn").lowercased() == "jumprelu" else {
            throw fields.unsupported("act_fn", "only jumprelu is computed")
        }
        guard try fields.text("norm_activation") == "dataset-wise" else {
            throw fields.unsupported("norm_activation", "only dataset-wise is computed")
        }
        if try fields.flag("use_glu_encoder", default: false) {
            throw fields.unsupported("use_glu_encoder", "only a linear encoder is computed")
        }
    }

    private static func positive(
        _ fields: ConfigurationFields, _ name: String
    ) throws(SubjectError) -> Double {
        guard fields.present(name) != nil else { throw fields.invalid(name, "a number above 0") }
        let value = try fields.positive(name, default: 1)
        guard value > 1e-20, value < 1e20 else { throw fields.invalid(name, "a usual number") }
        return value
    }

    /// √d / mean ‖x‖ of what is read and of what is written.
    private static func scales(
        _ fields: ConfigurationFields, _ d: Int
    ) throws(SubjectError) -> (input: Float, output: Float) {
        let norms = try fields.nested("dataset_average_activation_norm")
        let root = Double(d).squareRoot()
        return (
            Float(root / (try positive(norms, "in"))), Float(root / (try positive(norms, "out")))
        )
    }

    /// Thresholds that count the decoder's norm are those of the files only if the norms are 1, to
    /// the precision of bfloat16.
    private static func checkNorms(
        _ decoder: Matrix, _ fields: ConfigurationFields
    ) throws(SubjectError) {
        for latent in 0..<decoder.rows {
            let square = decoder.row(latent).reduce(0.0) { $0 + Double($1) * Double($1) }
            guard abs(square.squareRoot() - 1) < 0.02 else {
                throw fields.unsupported(
                    "sparsity_include_decoder_norm",
                    "the decoder row of latent \(latent) does not have length 1")
            }
        }
    }
}

import Foundation
import LinearAlgebra

/// Llama Scope R1 and other dictionaries of llamascopium: `config.json` and
/// `sae_weights.safetensors`.
///
/// Those of Llama Scope R1 have encoder.weight [F, d] and decoder.weight [d, F], later ones W_E [d, F]
/// and W_D [F, d]. x̃ = x √d / mean ‖x‖ unless the factors are folded in ("inference"); the mean norms
/// are tensors, or where there are none the caller's. With `sparsity_include_decoder_norm` a latent is
/// on where its pre-activation times the length of its decoder row is above the threshold, which is
/// the same as the pre-activation being above the threshold over that length.
///
/// - Source: OpenMOSS/Language-Model-SAEs 95281ac, models/sae.py and models/sparse_dictionary.py; the
///   loader `llama_scope_r1_distill` of SAELens 6.54.
struct LlamaScopeR1 {
    private let fields: ConfigurationFields
    private let tensors: Safetensors
    private let choices: PublishedAutoencoder.Choices
    private let hooks: (input: String, output: String)

    init(
        folder: String, _ choices: PublishedAutoencoder.Choices
    ) throws(SubjectError) {
        fields = try ConfigurationFields(path: folder + "/config.json")
        tensors = try Safetensors(path: folder + "/sae_weights.safetensors")
        self.choices = choices
        hooks = (try fields.text("hook_point_in"), try fields.text("hook_point_out"))
    }

    func read() throws(SubjectError) -> PublishedParts {
        try check()
        let isLinear = tensors.has("encoder.weight")
        let names =
            isLinear
            ? ["encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias"]
            : ["W_E", "b_E", "W_D", "b_D"]
        let size = try tensors.size(of: names[0])
        let (d, f) = isLinear ? (size.columns, size.rows) : size
        try checkSizes(d, f)
        let hasBias = try fields.flag("use_decoder_bias", default: true)
        let weights = SparseAutoencoder.Weights(
            encoder: try tensors.matrix(names[0], rows: d, columns: f, transposed: isLinear),
            encoderBias: try tensors.floats(names[1], shape: [f]),
            decoder: try tensors.matrix(names[2], rows: f, columns: d, transposed: isLinear),
            decoderBias: hasBias
                ? try tensors.floats(names[3], shape: [d]) : [Float](repeating: 0, count: d))
        var known = Set(names.prefix(hasBias ? 4 : 3))
        let architecture = try architecture(weights.decoder, &known)
        let normalisation = try normalisation(d, &known)
        try tensors.refuseOthers(than: known)
        var parts = PublishedParts(
            weights: weights, architecture: architecture,
            preparation: .init(normalisation: normalisation))
        parts.origin.hookName = hooks.input
        parts.note("output hook point", hooks.output)
        return parts
    }

    private func check() throws(SubjectError) {
        try fields.refuseOthers(than: [
            "sae_type", "hook_point_in", "hook_point_out", "use_glu_encoder", "d_model", "d_sae",
            "expansion_factor", "use_decoder_bias", "act_fn", "norm_activation",
            "sparsity_include_decoder_norm", "top_k", "dtype", "device",
            "sae_pretrained_name_or_path", "strict_loading", "use_triton_kernel",
            "sparsity_threshold_for_triton_spmm_kernel", "jumprelu_threshold_window",
        ])
        let type = try fields.optionalText("sae_type") ?? "sae"
        guard type == "sae" else {
            throw fields.unsupported("sae_type", "only \"sae\" is computed")
        }
        if try fields.flag("use_glu_encoder", default: false) {
            throw fields.unsupported("use_glu_encoder", "only a linear encoder is computed")
        }
    }

    private func checkSizes(_ d: Int, _ f: Int) throws(SubjectError) {
        guard try fields.size("d_model") == d else {
            throw fields.invalid("d_model", "\(d), as the tensors have it")
        }
        if let given = try fields.optionalSize("d_sae"), given != f {
            throw fields.invalid("d_sae", "\(f), as the tensors have it")
        }
        let factor = try fields.positive("expansion_factor", default: Double(f) / Double(d))
        guard abs(factor * Double(d) - Double(f)) < 1 else {
            throw fields.invalid("expansion_factor", "\(f) latents over \(d), as the tensors have")
        }
    }

    private func architecture(
        _ decoder: Matrix, _ known: inout Set<String>
    ) throws(SubjectError) -> SparseAutoencoder.Architecture {
        // ReLU gives the same with and without the decoder's norms.
        let function = try fields.text("act_fn").lowercased()
        if function == "relu" { return .standard }
        guard function == "jumprelu" else {
            throw fields.unsupported("act_fn", "only relu and jumprelu are computed")
        }
        let short = "log_jumprelu_threshold"
        let name = tensors.has(short) ? short : "activation_function." + short
        known.insert(name)
        var threshold = try tensors.floats(name, shape: [decoder.rows]).map { exp($0) }
        if try fields.flag("sparsity_include_decoder_norm", default: true) {
            for latent in threshold.indices {
                let square = decoder.row(latent).reduce(0.0) { $0 + Double($1) * Double($1) }
                threshold[latent] = Float(Double(threshold[latent]) / square.squareRoot())
            }
        }
        if let latent = threshold.firstIndex(where: { !$0.isFinite }) {
            throw .nonFiniteTensor(path: tensors.path, tensor: name, index: latent)
        }
        return .jumpReLU(threshold: threshold)
    }

    private func normalisation(
        _ d: Int, _ known: inout Set<String>
    ) throws(SubjectError) -> SparseAutoencoder.Normalisation {
        switch try fields.optionalText("norm_activation") ?? "dataset-wise" {
        case "inference": return .none
        case "token-wise": return .constantNorm
        case "dataset-wise":
            guard let input = try scale(of: hooks.input, d, &known) else {
                return try SAELensFolder.scaled(
                    by: choices.inputScale, path: fields.path,
                    reason: "norm_activation is \"dataset-wise\" and the tensors have no norms")
            }
            let output = try scale(of: hooks.output, d, &known) ?? input
            return .scaled(input: input, output: output)
        default:
            throw fields.unsupported(
                "norm_activation", "only dataset-wise, token-wise and inference are computed")
        }
    }

    private func scale(
        of hook: String, _ d: Int, _ known: inout Set<String>
    ) throws(SubjectError) -> Float? {
        let name = "dataset_average_activation_norm." + hook
        guard tensors.has(name) else { return nil }
        known.insert(name)
        let norm = try tensors.scalar(name)
        guard norm > 1e-20, norm < 1e20 else {
            throw .malformedFile(
                path: tensors.path, place: "tensor \"\(name)\"",
                reason: "is \(norm), where a mean length above 0 belongs")
        }
        return Float(d).squareRoot() / norm
    }
}

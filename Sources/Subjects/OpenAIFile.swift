import LinearAlgebra

/// OpenAI's sparse_autoencoder: one torch file with pre_bias, latent_bias, encoder and decoder.
///
/// - Source: openai/sparse_autoencoder 4965b94, model.py: `from_state_dict` turns normalisation on
///   exactly for TopK.
enum OpenAIFile {
    private static let settings: Set<String> = [
        "activation", "activation_state_dict.k", "activation_state_dict.postact_fn",
    ]

    static func read(_ file: TorchFile) throws(SubjectError) -> PublishedParts {
        try file.refuseOthers(than: [
            "pre_bias", "latent_bias", "encoder.weight", "decoder.weight",
            "stats_last_nonzero", "latents_activation_frequency", "latents_mean_square",
        ])
        for name in file.scalars.keys.sorted() where !settings.contains(name) {
            throw .unknownField(path: file.path, field: name)
        }
        let (f, d) = try file.size(of: "encoder.weight")
        let activation = try text(file, "activation", otherwise: "ReLU")
        var parts = PublishedParts(
            weights: .init(
                encoder: try file.matrix("encoder.weight", rows: d, columns: f, transposed: true),
                encoderBias: try file.floats("latent_bias", shape: [f]),
                decoder: try file.matrix("decoder.weight", rows: f, columns: d, transposed: true),
                decoderBias: try file.floats("pre_bias", shape: [d])),
            architecture: .standard, subtractsDecoderBias: true)
        switch activation {
        case "ReLU": break
        case "TopK":
            parts.architecture = .topK(k: try k(file, atMost: f))
            guard try text(file, "activation_state_dict.postact_fn", otherwise: "ReLU") == "ReLU"
            else {
                throw .unsupportedField(
                    path: file.path, field: "activation_state_dict.postact_fn",
                    found: "another function", reason: "only ReLU after TopK is computed")
            }
            parts.preparation.normalisation = .layerNorm
        default:
            throw .unsupportedField(
                path: file.path, field: "activation", found: "\"\(activation.prefix(60))\"",
                reason: "only ReLU and TopK are computed")
        }
        parts.note("normalised", "exactly for TopK, as in the library's from_state_dict")
        return parts
    }

    private static func text(
        _ file: TorchFile, _ name: String, otherwise standard: String
    ) throws(SubjectError) -> String {
        guard let value = file.scalars[name] else { return standard }
        guard case .text(let text) = value else {
            throw .invalidField(
                path: file.path, field: name, found: "something else", expected: "a text")
        }
        return text
    }

    private static func k(_ file: TorchFile, atMost f: Int) throws(SubjectError) -> Int {
        guard case .integer(let k) = file.scalars["activation_state_dict.k"] else {
            throw .missingField(
                path: file.path, field: "activation_state_dict.k", expected: "a whole number")
        }
        guard k > 0, k <= f else {
            throw .invalidField(
                path: file.path, field: "activation_state_dict.k", found: "\(k)",
                expected: "from 1 to \(f), the number of latents")
        }
        return k
    }
}

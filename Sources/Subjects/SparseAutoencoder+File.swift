import LinearAlgebra

extension SparseAutoencoder {
    /// A dictionary from a folder with `cfg.json` and `sae_weights.safetensors`, in the layout of
    /// SAELens 6.
    ///
    /// - Throws: ``SubjectError`` for anything that is missing, unknown, misshapen or unsupported.
    public init(folder: String) throws(SubjectError) {
        let file = try SparseAutoencoderFile(path: folder + "/cfg.json")
        let tensors = try Safetensors(path: folder + "/sae_weights.safetensors")
        let (d, f) = (file.inputWidth, file.latentCount)
        let weights = Weights(
            encoder: try tensors.matrix("W_enc", rows: d, columns: f),
            encoderBias: try tensors.floats("b_enc", shape: [f]),
            decoder: try tensors.matrix("W_dec", rows: f, columns: d),
            decoderBias: try tensors.floats("b_dec", shape: [d]))
        var known: Set<String> = ["W_enc", "b_enc", "W_dec", "b_dec"]
        let architecture: Architecture
        switch file.kind {
        case .standard: architecture = .standard
        case .topK(let k): architecture = .topK(k: k)
        case .jumpReLU:
            known.insert("threshold")
            architecture = .jumpReLU(threshold: try tensors.floats("threshold", shape: [f]))
        }
        for entry in tensors.entries where !known.contains(entry.name) {
            throw .unknownTensor(path: tensors.path, tensor: entry.name)
        }
        self.init(
            weights, architecture: architecture, subtractsDecoderBias: file.subtractsDecoderBias,
            rescalesByDecoderNorm: file.rescalesByDecoderNorm, origin: file.origin, name: folder)
        if let latent = decoderNorms.firstIndex(of: 0) {
            throw .invalidField(
                path: file.path, field: "rescale_acts_by_decoder_norm", found: "true",
                expected: "false, as the decoder row of latent \(latent) is all zeros")
        }
    }
}

/// What `cfg.json` says, checked.
private struct SparseAutoencoderFile {
    enum Kind {
        case standard
        case topK(Int)
        case jumpReLU
    }

    let path: String
    let kind: Kind
    let inputWidth: Int
    let latentCount: Int
    let subtractsDecoderBias: Bool
    let rescalesByDecoderNorm: Bool
    let origin: SparseAutoencoder.Origin

    init(path: String) throws(SubjectError) {
        let fields = try ConfigurationFields(path: path)
        let architecture = try fields.text("architecture")
        guard ["standard", "topk", "jumprelu"].contains(architecture) else {
            throw fields.unsupported(
                "architecture", "only standard, topk and jumprelu are computed")
        }
        var known: Set<String> = [
            "architecture", "d_in", "d_sae", "dtype", "device", "apply_b_dec_to_input",
            "normalize_activations", "reshape_activations", "metadata",
        ]
        if architecture == "topk" { known.formUnion(["k", "rescale_acts_by_decoder_norm"]) }
        try fields.refuseOthers(than: known)
        if let norm = try fields.optionalText("normalize_activations"), norm != "none" {
            throw fields.unsupported(
                "normalize_activations",
                "activations are read as they are; fold the scale into the weights and say none")
        }
        if let shape = try fields.optionalText("reshape_activations"), shape != "none" {
            throw fields.unsupported(
                "reshape_activations", "only the residual stream is read, which has no heads")
        }
        self.path = path
        inputWidth = try fields.size("d_in")
        latentCount = try fields.size("d_sae")
        subtractsDecoderBias = try fields.flag("apply_b_dec_to_input", default: true)
        rescalesByDecoderNorm = try fields.flag("rescale_acts_by_decoder_norm", default: false)
        kind = try Self.kind(architecture, fields, latentCount)
        origin = try Self.origin(try fields.nested("metadata"))
    }

    private static func kind(
        _ architecture: String, _ fields: ConfigurationFields, _ latentCount: Int
    ) throws(SubjectError) -> Kind {
        switch architecture {
        case "topk":
            let k = try fields.size("k")
            guard k <= latentCount else {
                throw fields.invalid("k", "at most d_sae, which is \(latentCount)")
            }
            return .topK(k)
        case "jumprelu": return .jumpReLU
        default: return .standard
        }
    }

    /// Metadata is free-form, but what would change the activations that were seen is refused.
    private static func origin(
        _ metadata: ConfigurationFields
    ) throws(SubjectError) -> SparseAutoencoder.Origin {
        if metadata.present("hook_head_index") != nil {
            throw metadata.unsupported("hook_head_index", "only the whole residual stream is read")
        }
        let arguments = try metadata.nested("model_from_pretrained_kwargs")
        guard try !arguments.flag("center_writing_weights", default: false) else {
            throw arguments.unsupported(
                "center_writing_weights", "the stream is read as it is, not centred")
        }
        return SparseAutoencoder.Origin(
            hookName: try metadata.optionalText("hook_name"),
            modelName: try metadata.optionalText("model_name"),
            contextSize: try metadata.optionalSize("context_size"),
            prependsBOS: try metadata.present("prepend_bos").map { _ throws(SubjectError) in
                try metadata.flag("prepend_bos", default: false)
            })
    }
}

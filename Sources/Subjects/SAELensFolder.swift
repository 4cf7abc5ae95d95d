import LinearAlgebra

extension SparseAutoencoder {
    /// A dictionary from a folder with `cfg.json` and `sae_weights.safetensors`, in the layout of
    /// SAELens.
    ///
    /// - Throws: ``SubjectError`` for anything that is missing, unknown, misshapen or unsupported.
    public init(folder: String) throws(SubjectError) {
        let choices = PublishedAutoencoder.Choices()
        self = try SAELensFolder(folder, choices).read().autoencoder(name: folder, choices)
    }
}

/// A folder with `cfg.json` and `sae_weights.safetensors`.
///
/// Batch-TopK and Matryoshka dictionaries are exported by SAELens as jumprelu, and read as that.
///
/// - Source: SAELens 6.18 and 6.54, sae_lens/saes; parity: `sae-lens-*`, max |Δ| ≤ 1e-4.
struct SAELensFolder {
    private let config: SAELensConfiguration
    private let choices: PublishedAutoencoder.Choices
    private let tensorPath: String
    /// What a checkpoint of the trainer says of lengths, beside it.
    private let scalerPath: String

    init(_ folder: String, _ choices: PublishedAutoencoder.Choices) throws(SubjectError) {
        config = try SAELensConfiguration(path: folder + "/cfg.json")
        tensorPath = folder + "/sae_weights.safetensors"
        scalerPath = folder + "/activation_scaler.json"
        self.choices = choices
    }

    func read() throws(SubjectError) -> PublishedParts {
        let tensors = try Safetensors(path: tensorPath)
        let (d, f, e) = (config.inputWidth, config.latentCount, config.outputWidth)
        var known: Set<String> = ["W_enc", "W_dec", "b_dec"]
        var weights = SparseAutoencoder.Weights(
            encoder: try tensors.matrix("W_enc", rows: d, columns: f), encoderBias: [],
            decoder: try tensors.matrix("W_dec", rows: f, columns: e),
            decoderBias: try tensors.floats("b_dec", shape: [e]))
        if config.activation == .gated {
            weights.encoderBias = [Float](repeating: 0, count: f)
        } else {
            known.insert("b_enc")
            weights.encoderBias = try tensors.floats("b_enc", shape: [f])
        }
        if config.hasSkip {
            known.insert("W_skip")
            weights.skip = try tensors.matrix("W_skip", rows: d, columns: e, transposed: true)
        }
        let architecture = try architecture(tensors, &known)
        if config.isFlat, tensors.has("scaling_factor") {
            known.insert("scaling_factor")
            let factors = try tensors.floats("scaling_factor", shape: [f])
            guard factors.allSatisfy({ $0 == 1 }) else {
                throw .unknownTensor(path: tensors.path, tensor: "scaling_factor")
            }
        }
        try tensors.refuseOthers(than: known)
        var parts = PublishedParts(
            weights: weights, architecture: architecture,
            subtractsDecoderBias: config.subtractsDecoderBias,
            rescalesByDecoderNorm: config.rescalesByDecoderNorm,
            preparation: .init(
                normalisation: try normalisation(), centresRows: config.centresRows),
            origin: config.origin)
        parts.rescaleField = (config.path, "rescale_acts_by_decoder_norm")
        parts.notes = config.notes
        return parts
    }

    private func architecture(
        _ tensors: Safetensors, _ known: inout Set<String>
    ) throws(SubjectError) -> SparseAutoencoder.Architecture {
        let f = config.latentCount
        switch config.activation {
        case .relu: return .standard
        case .topK(let k): return .topK(k: k)
        case .jumpReLU:
            known.insert("threshold")
            return .jumpReLU(threshold: try tensors.floats("threshold", shape: [f]))
        case .gated:
            known.formUnion(["b_gate", "r_mag", "b_mag"])
            return .gated(
                .init(
                    bias: try tensors.floats("b_gate", shape: [f]),
                    logScale: try tensors.floats("r_mag", shape: [f]),
                    magnitudeBias: try tensors.floats("b_mag", shape: [f])))
        }
    }

    private func normalisation() throws(SubjectError) -> SparseAutoencoder.Normalisation {
        let checkpointScale = try checkpointScale()
        switch config.normalisation {
        case .none: return .none
        case .constantNorm: return .constantNorm
        case .layerNorm: return .layerNorm
        case .expectedAverage:
            return try Self.scaled(
                by: choices.inputScale ?? checkpointScale, path: config.path,
                reason:
                    "normalize_activations is \"expected_average_only_in\" and the scale was not "
                    + "folded into the weights")
        }
    }

    /// The factor that the trainer's `activation_scaler.json` has, if there is one.
    ///
    /// It is null once the factor was folded into the weights. A factor beside a configuration without
    /// one is a contradiction, and whitening that was not folded in is not computed.
    private func checkpointScale() throws(SubjectError) -> Float? {
        guard FileKind.isFile(scalerPath) else { return nil }
        let fields = try ConfigurationFields(path: scalerPath)
        try fields.refuseOthers(than: ["scaling_factor", "has_whitening"])
        guard try !fields.flag("has_whitening", default: false) else {
            throw fields.unsupported(
                "has_whitening", "only weights that whitening was folded into are read")
        }
        guard let scale = try fields.optionalPositive("scaling_factor") else { return nil }
        guard config.normalisation == .expectedAverage else {
            throw fields.unsupported(
                "scaling_factor",
                "normalize_activations in cfg.json is not "
                    + "\"expected_average_only_in\"")
        }
        return Float(scale)
    }

    /// x̃ = x · scale, undone by it.
    static func scaled(
        by scale: Float?, path: String, reason: String
    ) throws(SubjectError) -> SparseAutoencoder.Normalisation {
        guard let scale else {
            throw .missingChoice(
                path: path, choice: "the scale of inputs, √d / mean ‖x‖", reason: reason)
        }
        guard scale > 0, scale.isFinite, (1 / scale).isFinite else {
            throw .missingChoice(
                path: path, choice: "a scale of inputs above 0", reason: "\(scale) was given")
        }
        return .scaled(input: scale, output: scale)
    }
}

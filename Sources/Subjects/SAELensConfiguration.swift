/// What a `cfg.json` of SAELens says, checked: of version 6, or the flat form before it.
struct SAELensConfiguration {
    enum Activation: Hashable {
        case relu, jumpReLU, gated
        case topK(Int)
    }

    enum Normalisation: String, CaseIterable {
        case none, expectedAverage = "expected_average_only_in"
        case constantNorm = "constant_norm_rescale"
        case layerNorm = "layer_norm"
    }

    let path: String
    /// Whether it has the form before version 6: no "metadata".
    let isFlat: Bool
    let activation: Activation
    let hasSkip: Bool
    let inputWidth: Int
    let outputWidth: Int
    let latentCount: Int
    let subtractsDecoderBias: Bool
    let rescalesByDecoderNorm: Bool
    let normalisation: Normalisation
    let centresRows: Bool
    let origin: SparseAutoencoder.Origin
    let notes: [PublishedAutoencoder.Assumption]

    private static let architectures = [
        "standard", "topk", "jumprelu", "gated", "transcoder", "skip_transcoder",
        "jumprelu_transcoder", "jumprelu_skip_transcoder",
    ]

    init(path: String) throws(SubjectError) {
        let fields = try ConfigurationFields(path: path)
        let isFlat =
            fields["metadata"] == nil
            && ["model_name", "hook_name", "hook_point", "activation_fn_str"]
                .contains { fields[$0] != nil }
        let architecture =
            isFlat
            ? try SAELensFlatFields(fields).architecture() : try fields.text("architecture")
        guard Self.architectures.contains(architecture) else {
            throw fields.unsupported(
                "architecture", "only \(Self.architectures.joined(separator: ", ")) are computed")
        }
        let isTranscoder = architecture.hasSuffix("transcoder")
        self.path = path
        self.isFlat = isFlat
        hasSkip = architecture.hasSuffix("skip_transcoder")
        inputWidth = try fields.size("d_in")
        latentCount = try fields.size("d_sae")
        outputWidth = isTranscoder ? try fields.size("d_out") : inputWidth
        subtractsDecoderBias = try fields.flag("apply_b_dec_to_input", default: !isTranscoder)
        if isTranscoder, subtractsDecoderBias {
            throw fields.unsupported("apply_b_dec_to_input", "a transcoder's b_dec is its output's")
        }
        rescalesByDecoderNorm = try fields.flag("rescale_acts_by_decoder_norm", default: false)
        activation = try Self.activation(architecture, fields, isFlat, latentCount)
        normalisation = try Self.normalisation(fields, isFlat: isFlat)
        if isTranscoder, normalisation != .none {
            throw fields.unsupported(
                "normalize_activations", "a transcoder's outputs have another scale than its inputs"
            )
        }
        if !isFlat { try Self.refuseOthers(fields, architecture) }
        let metadata = isFlat ? fields : try fields.nested("metadata")
        let reading = try SAELensOrigin(fields, metadata, isFlat: isFlat)
        origin = reading.origin
        centresRows = reading.centresRows
        notes = reading.notes
    }

    private static func refuseOthers(
        _ fields: ConfigurationFields, _ architecture: String
    ) throws(SubjectError) {
        var known: Set<String> = [
            "architecture", "d_in", "d_sae", "dtype", "device", "apply_b_dec_to_input",
            "normalize_activations", "reshape_activations", "metadata",
        ]
        if architecture == "topk" { known.formUnion(["k", "rescale_acts_by_decoder_norm"]) }
        if architecture.hasSuffix("transcoder") { known.insert("d_out") }
        try fields.refuseOthers(than: known)
    }

    private static func activation(
        _ architecture: String, _ fields: ConfigurationFields, _ isFlat: Bool, _ latentCount: Int
    ) throws(SubjectError) -> Activation {
        switch architecture {
        case "topk":
            let place = isFlat ? try fields.nested("activation_fn_kwargs") : fields
            let k = try place.size("k")
            guard k <= latentCount else {
                throw place.invalid("k", "at most d_sae, which is \(latentCount)")
            }
            return .topK(k)
        case "gated": return .gated
        default: return architecture.hasPrefix("jumprelu") ? .jumpReLU : .relu
        }
    }

    /// Before version 6 this could be true or false.
    private static func normalisation(
        _ fields: ConfigurationFields, isFlat: Bool
    ) throws(SubjectError) -> Normalisation {
        if isFlat, case .bool(let flag) = fields.present("normalize_activations") {
            return flag ? .expectedAverage : .none
        }
        guard let text = try fields.optionalText("normalize_activations") else { return .none }
        guard let normalisation = Normalisation(rawValue: text) else {
            let names = Normalisation.allCases.map(\.rawValue).joined(separator: ", ")
            throw fields.unsupported("normalize_activations", "only \(names) are computed")
        }
        return normalisation
    }
}

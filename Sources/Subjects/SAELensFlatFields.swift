/// The flat `cfg.json` that SAELens wrote before version 6: the dictionary's fields beside the
/// training run's.
///
/// - Source: `handle_pre_6_0_config` in sae_lens/loading/pretrained_sae_loaders.py.
struct SAELensFlatFields {
    private let fields: ConfigurationFields

    init(_ fields: ConfigurationFields) throws(SubjectError) {
        self.fields = fields
        try fields.refuseOthers(than: Self.known)
        if try fields.flag("finetuning_scaling_factor", default: false) {
            throw fields.unsupported(
                "finetuning_scaling_factor", "activations are not scaled after the ReLU")
        }
    }

    /// The architecture, which a TopK activation function decides before the field of that name.
    func architecture() throws(SubjectError) -> String {
        let stated = try fields.optionalText("architecture")
        let names = ["activation_fn", "activation_fn_str"].filter { fields.present($0) != nil }
        guard names.count < 2 else {
            throw fields.unsupported(names[1], "activation_fn says it too; keep one of them")
        }
        let name = names.first ?? "activation_fn"
        switch try fields.optionalText(name) {
        case nil, "relu": return stated ?? "standard"
        case "topk":
            guard stated == nil || stated == "standard" || stated == "topk" else {
                throw fields.unsupported(name, "the architecture is \(stated ?? ""), not topk")
            }
            return "topk"
        default: throw fields.unsupported(name, "only relu and topk are computed")
        }
    }

    /// What such a file may hold; all but the fields read here belong to training or to records.
    private static let known: Set<String> = [
        "architecture", "d_in", "d_sae", "d_out", "dtype", "device", "apply_b_dec_to_input",
        "normalize_activations", "reshape_activations", "activation_fn", "activation_fn_str",
        "activation_fn_kwargs", "finetuning_scaling_factor", "model_name", "model_class_name",
        "hook_name", "hook_point", "hook_layer", "hook_point_layer", "hook_head_index",
        "hook_point_head_index", "hook_name_out", "hook_layer_out", "hook_head_index_out",
        "hook_point_eval", "hook_eval", "prepend_bos", "context_size", "dataset_path",
        "dataset_trust_remote_code", "sae_lens_training_version", "sae_lens_version",
        "neuronpedia_id", "model_from_pretrained_kwargs", "seqpos_slice",
        "exclude_special_tokens", "use_ghost_grads", "noise_scale", "seed", "from_pretrained_path",
    ]
}

/// Where a dictionary of SAELens says it comes from.
struct SAELensOrigin {
    let origin: SparseAutoencoder.Origin
    let centresRows: Bool
    private(set) var notes: [PublishedAutoencoder.Assumption] = []

    /// Metadata is free-form, but what would change the activations that were seen is refused.
    init(
        _ fields: ConfigurationFields, _ metadata: ConfigurationFields, isFlat: Bool
    ) throws(SubjectError) {
        for name in ["hook_head_index", "hook_point_head_index"]
        where metadata.present(name) != nil {
            throw metadata.unsupported(name, "only the whole residual stream is read")
        }
        let hooks = (isFlat ? ["hook_name", "hook_point"] : ["hook_name"])
            .filter { metadata.present($0) != nil }
        guard hooks.count < 2 else {
            throw metadata.unsupported("hook_point", "hook_name says it too; keep one of them")
        }
        let hookName = try metadata.optionalText(hooks.first ?? "hook_name")
        if let shape = try fields.optionalText("reshape_activations"), shape != "none" {
            // Heads are already side by side in a row; all that matters is the width.
            guard shape == "hook_z", hookName?.hasSuffix("hook_z") != false else {
                throw fields.unsupported("reshape_activations", "only none and hook_z are read")
            }
            notes.append(.init("shape", "a row is all heads of hook_z side by side"))
        }
        let arguments = try metadata.nested("model_from_pretrained_kwargs")
        centresRows = try arguments.flag("center_writing_weights", default: false)
        for name in ["fold_ln", "fold_value_biases", "refactor_factored_attn_matrices"]
        where try arguments.flag(name, default: false) {
            throw arguments.unsupported(name, "the model is read as it was published")
        }
        var prependsBOS: Bool? = isFlat ? true : nil
        if metadata.present("prepend_bos") != nil {
            prependsBOS = try metadata.flag("prepend_bos", default: true)
        }
        origin = SparseAutoencoder.Origin(
            hookName: hookName, modelName: try metadata.optionalText("model_name"),
            contextSize: try metadata.optionalSize("context_size"), prependsBOS: prependsBOS)
        if let output = try metadata.optionalText("hook_name_out") {
            notes.append(.init("output hook point", output))
        }
    }
}

import LinearAlgebra

/// EleutherAI's sparsify: `cfg.json` and `sae.safetensors`, in a folder named after the module.
///
/// - Source: EleutherAI/sparsify 9d3b136, sparse_coder.py and config.py.
enum Sparsify {
    static func read(folder: String) throws(SubjectError) -> PublishedParts {
        let fields = try ConfigurationFields(path: folder + "/cfg.json")
        try fields.refuseOthers(than: [
            "activation", "d_in", "expansion_factor", "normalize_decoder", "num_latents", "k",
            "multi_topk", "skip_connection", "transcode", "signed",
        ])
        let activation = try fields.optionalText("activation") ?? "topk"
        guard activation == "topk" || activation == "groupmax" else {
            throw fields.unsupported("activation", "only topk and groupmax are computed")
        }
        if try fields.flag("signed", default: false) {
            throw fields.unsupported("signed", "activations below 0 are not computed")
        }
        let tensors = try Safetensors(path: folder + "/sae.safetensors")
        let transcodes = try fields.flag("transcode", default: false)
        let hasSkip = try fields.flag("skip_connection", default: false)
        var names: Set<String> = ["encoder.weight", "encoder.bias", "W_dec", "b_dec"]
        if hasSkip { names.insert("W_skip") }
        try tensors.refuseOthers(than: names)
        let (f, d) = try tensors.size(of: "encoder.weight")
        let e = try tensors.size(of: "W_dec").columns
        try check(fields, d: d, f: f, e: e, transcodes: transcodes)
        let k = try fields.size("k")
        guard k <= f else { throw fields.invalid("k", "at most \(f), the number of latents") }
        let isGrouped = activation == "groupmax"
        guard !isGrouped || f % k == 0 else {
            throw fields.invalid("k", "a divisor of \(f), the number of latents")
        }
        var weights = SparseAutoencoder.Weights(
            encoder: try tensors.matrix("encoder.weight", rows: d, columns: f, transposed: true),
            encoderBias: try tensors.floats("encoder.bias", shape: [f]),
            decoder: try tensors.matrix("W_dec", rows: f, columns: e),
            decoderBias: try tensors.floats("b_dec", shape: [e]))
        if hasSkip {
            weights.skip = try tensors.matrix("W_skip", rows: d, columns: e, transposed: true)
        }
        var parts = PublishedParts(
            weights: weights, architecture: isGrouped ? .groupMax(groups: k) : .topK(k: k),
            subtractsDecoderBias: !transcodes)
        let module = folder.split(separator: "/").last.map(String.init) ?? folder
        parts.origin.hookName = HuggingFaceModule.hookName(module)
        parts.note("module", "\(module), the folder's name")
        if transcodes { parts.note("output", "the module's output, from the module's input") }
        return parts
    }

    private static func check(
        _ fields: ConfigurationFields, d: Int, f: Int, e: Int, transcodes: Bool
    ) throws(SubjectError) {
        guard try fields.size("d_in") == d else {
            throw fields.invalid("d_in", "\(d), as encoder.weight has it")
        }
        let latents = try integer(fields, "num_latents")
        let factor = try integer(fields, "expansion_factor")
        if latents > 0, latents != f {
            throw fields.invalid("num_latents", "0 or \(f), as encoder.weight has it")
        }
        if latents == 0, factor > 0, factor.multipliedReportingOverflow(by: d) != (f, false) {
            throw fields.invalid("expansion_factor", "\(f) latents over \(d), as the tensors have")
        }
        guard transcodes || d == e else {
            throw fields.invalid("transcode", "true, as the output is \(e) wide and the input \(d)")
        }
    }

    /// A whole number, 0 if it is absent: sparsify writes 0 for "by the expansion factor".
    private static func integer(
        _ fields: ConfigurationFields, _ name: String
    ) throws(SubjectError) -> Int {
        switch fields.present(name) {
        case nil: return 0
        case .integer(let value) where value >= 0: return value
        default: throw fields.invalid(name, "a whole number of at least 0")
        }
    }
}

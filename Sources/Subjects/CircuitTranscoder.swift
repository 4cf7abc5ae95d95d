import LinearAlgebra

/// mwhanna's transcoders of Qwen 3: `layer_N.safetensors` with W_enc [F, d], W_dec [F, e], b_enc and
/// b_dec, from an MLP's input to its output.
///
/// - Source: the loader `mwhanna_transcoder` of SAELens 6.54, which takes them for ReLUs.
enum CircuitTranscoder {
    static func read(_ file: Safetensors) throws(SubjectError) -> PublishedParts {
        try file.refuseOthers(than: ["W_enc", "W_dec", "b_enc", "b_dec"])
        let (f, d) = try file.size(of: "W_enc")
        let e = try file.size(of: "W_dec").columns
        var parts = PublishedParts(
            weights: .init(
                encoder: try file.matrix("W_enc", rows: d, columns: f, transposed: true),
                encoderBias: try file.floats("b_enc", shape: [f]),
                decoder: try file.matrix("W_dec", rows: f, columns: e),
                decoderBias: try file.floats("b_dec", shape: [e])),
            architecture: .standard)
        let name = file.path.split(separator: "/").last ?? ""
        if name.hasPrefix("layer_"), name.hasSuffix(".safetensors"),
            let layer = Int(name.dropFirst(6).dropLast(12)), layer >= 0
        {
            parts.origin.hookName = "blocks.\(layer).mlp.hook_in"
            parts.note("output hook point", "blocks.\(layer).hook_mlp_out")
            parts.note("layer", "\(layer), from the file's name")
        }
        parts.note("activation", "ReLU, which the file does not say")
        return parts
    }
}

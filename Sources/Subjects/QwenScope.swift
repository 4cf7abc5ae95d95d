import LinearAlgebra

/// Qwen-Scope: `layer{n}.sae.pt` with W_enc [F, d], W_dec [d, F], b_enc and b_dec.
///
/// - Source: arXiv 2605.11887; the loader of SAELens 6.54.
enum QwenScope {
    static func read(
        _ file: TorchFile, _ choices: PublishedAutoencoder.Choices
    ) throws(SubjectError) -> PublishedParts {
        if let name = file.scalars.keys.sorted().first {
            throw .unknownField(path: file.path, field: name)
        }
        let (f, d) = try file.size(of: "W_enc")
        guard let k = choices.k else {
            throw .missingChoice(
                path: file.path, choice: "k",
                reason: "only the repository's name has it, as the number after L0_")
        }
        guard k > 0, k <= f else {
            throw .missingChoice(
                path: file.path, choice: "a k from 1 to \(f)", reason: "\(k) was given")
        }
        var parts = PublishedParts(
            weights: .init(
                encoder: try file.matrix("W_enc", rows: d, columns: f, transposed: true),
                encoderBias: try file.floats("b_enc", shape: [f]),
                decoder: try file.matrix("W_dec", rows: f, columns: d, transposed: true),
                decoderBias: try file.floats("b_dec", shape: [d])),
            architecture: .topK(k: k))
        let name = file.path.split(separator: "/").last ?? ""
        if name.hasPrefix("layer"), name.hasSuffix(".sae.pt"),
            let layer = Int(name.dropFirst(5).dropLast(7)), layer >= 0
        {
            parts.origin.hookName = "blocks.\(layer).hook_resid_post"
            parts.note("layer", "\(layer), from the file's name")
        }
        parts.note("k", "\(k), from the caller")
        parts.note("input bias", "none")
        return parts
    }
}

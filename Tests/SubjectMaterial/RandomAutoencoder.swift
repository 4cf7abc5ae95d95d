import LinearAlgebra

/// A TopK autoencoder of random weights in SAELens's layout.
public enum RandomAutoencoder {
    public static func write(
        width: Int, latents: Int, k: Int, hook: String, seed: UInt64 = 1
    ) throws -> TemporaryFolder {
        var generator = SeededGenerator(seed: seed)
        func values(_ count: Int, _ scale: Double) -> [Float] {
            (0..<count).map { _ in Float(generator.normal() * scale) }
        }
        let scale = 1 / Double(width).squareRoot()
        var file = TensorFile()
        file.add("W_enc", values(width * latents, scale), shape: [width, latents])
        file.add("b_enc", values(latents, 0.1))
        file.add("W_dec", values(width * latents, scale), shape: [latents, width])
        file.add("b_dec", values(width, 0.1))
        let folder = try TemporaryFolder()
        try folder.write("sae_weights.safetensors", file.bytes)
        try folder.write(
            "cfg.json",
            """
            {"d_in": \(width), "d_sae": \(latents), "dtype": "float32", "device": "cpu",
             "apply_b_dec_to_input": true, "normalize_activations": "none",
             "reshape_activations": "none", "k": \(k), "rescale_acts_by_decoder_norm": false,
             "metadata": {"sae_lens_version": "6.54.12", "model_name": "random",
              "hook_name": "\(hook)", "prepend_bos": true, "context_size": 128},
             "architecture": "topk"}
            """)
        return folder
    }
}

import Foundation
import LinearAlgebra

/// A decoder of random weights in Hugging Face's layout for GPT-NeoX, with a real tokenizer.
public enum RandomDecoder {
    /// Writes `config.json`, `model.safetensors` and `tokenizer.json`, a byte-level BPE of 724 tokens.
    ///
    /// - Parameter width: a multiple of `heads`; the MLP is four times as wide.
    public static func write(
        width: Int, layers: Int, heads: Int, contextLength: Int, seed: UInt64 = 1
    ) throws -> TemporaryFolder {
        let vocabulary = 1024
        var generator = SeededGenerator(seed: seed)
        func values(_ count: Int, _ scale: Double) -> [Float] {
            // The sum of four uniform numbers is near enough to normal, and quick.
            (0..<count).map { _ in
                let bits = generator.next()
                let sum = (0..<4).reduce(0.0) { $0 + Double((bits >> (16 * $1)) & 0xFFFF) }
                return Float((sum / 65_536 - 2) * 1.73 * scale)
            }
        }
        var file = TensorFile()
        func linear(_ name: String, _ rows: Int, _ columns: Int) {
            file.add(
                name + ".weight", values(rows * columns, 1 / Double(columns).squareRoot()),
                shape: [rows, columns])
            file.add(name + ".bias", values(rows, 0.1))
        }
        func norm(_ name: String) {
            file.add(name + ".weight", values(width, 0.1).map { 1 + $0 })
            file.add(name + ".bias", values(width, 0.1))
        }
        file.add(
            "gpt_neox.embed_in.weight", values(vocabulary * width, 1), shape: [vocabulary, width])
        for layer in 0..<layers {
            let prefix = "gpt_neox.layers.\(layer)."
            norm(prefix + "input_layernorm")
            norm(prefix + "post_attention_layernorm")
            linear(prefix + "attention.query_key_value", 3 * width, width)
            linear(prefix + "attention.dense", width, width)
            linear(prefix + "mlp.dense_h_to_4h", 4 * width, width)
            linear(prefix + "mlp.dense_4h_to_h", width, 4 * width)
        }
        norm("gpt_neox.final_layer_norm")
        file.add("embed_out.weight", values(vocabulary * width, 0.1), shape: [vocabulary, width])
        let folder = try TemporaryFolder()
        try folder.write("model.safetensors", file.bytes)
        try folder.write(
            "config.json",
            """
            {"model_type": "gpt_neox", "hidden_size": \(width), "num_hidden_layers": \(layers),
             "num_attention_heads": \(heads), "intermediate_size": \(4 * width),
             "vocab_size": \(vocabulary), "max_position_embeddings": \(contextLength),
             "rotary_pct": 0.25, "rotary_emb_base": 10000, "hidden_act": "gelu",
             "use_parallel_residual": true, "tie_word_embeddings": false, "bos_token_id": 0,
             "layer_norm_eps": 1e-05}
            """)
        let tokenizer = SharedData.packageRoot
            .appendingPathComponent("Tests/TokenizersTests/Fixtures/neox.json")
        try folder.write("tokenizer.json", Array(try Data(contentsOf: tokenizer)))
        return folder
    }
}

/// Text that nobody wrote: words that come back, in sentences.
public enum RandomText {
    /// - Parameter words: how many.
    public static func paragraph(words: Int, _ generator: inout SeededGenerator) -> String {
        let known = [
            "the", "a", "little", "girl", "boy", "dog", "was", "ran", "saw", "red", "ball", "big",
            "tree", "happy", "said", "and", "then", "they", "house", "mother", "water", "sun",
            "friend", "play", "day", "went", "very", "loved", "Tom", "Lily", "café", "naïve", "日本",
        ]
        var text = ""
        for word in 0..<words {
            if word > 0 { text += generator.below(9) == 0 ? ". " : " " }
            text += known[min(generator.below(known.count), generator.below(known.count))]
        }
        return text
    }
}

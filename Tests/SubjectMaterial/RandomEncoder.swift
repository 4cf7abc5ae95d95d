import Foundation
import LinearAlgebra

/// A sentence encoder of one layer in Hugging Face's layout for BERT: random weights, with words of a theme
/// side by side.
public enum RandomEncoder {
    /// Writes `config.json`, `model.safetensors` and a WordPiece `tokenizer.json` of whole words.
    ///
    /// - Parameter themes: lists of words in small letters; each list has a direction of its own.
    public static func write(
        themes: [[String]], width: Int = 24, contextLength: Int = 64, seed: UInt64 = 1
    ) throws -> TemporaryFolder {
        var generator = SeededGenerator(seed: seed)
        func values(_ count: Int, _ scale: Double) -> [Float] {
            (0..<count).map { _ in Float(scale * generator.normal()) }
        }
        let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
        var words = special
        var embedding = values(special.count * width, 0.1)
        for theme in themes {
            let direction = values(width, 1)
            for word in theme where !words.contains(word) {
                words.append(word)
                embedding += zip(direction, values(width, 0.3)).map { $0 + $1 }
            }
        }
        var file = TensorFile()
        func linear(_ name: String, _ rows: Int, _ columns: Int) {
            file.add(
                name + ".weight", values(rows * columns, 0.2 / Double(columns).squareRoot()),
                shape: [rows, columns])
            file.add(name + ".bias", values(rows, 0))
        }
        func norm(_ name: String) {
            file.add(name + ".weight", [Float](repeating: 1, count: width))
            file.add(name + ".bias", [Float](repeating: 0, count: width))
        }
        file.add(
            "embeddings.word_embeddings.weight", embedding, shape: [words.count, width])
        file.add(
            "embeddings.position_embeddings.weight", values(contextLength * width, 0.02),
            shape: [contextLength, width])
        file.add(
            "embeddings.token_type_embeddings.weight", values(2 * width, 0), shape: [2, width])
        norm("embeddings.LayerNorm")
        for name in ["self.query", "self.key", "self.value", "output.dense"] {
            linear("encoder.layer.0.attention." + name, width, width)
        }
        norm("encoder.layer.0.attention.output.LayerNorm")
        linear("encoder.layer.0.intermediate.dense", 2 * width, width)
        linear("encoder.layer.0.output.dense", width, 2 * width)
        norm("encoder.layer.0.output.LayerNorm")
        let folder = try TemporaryFolder()
        try folder.write("model.safetensors", file.bytes)
        try folder.write(
            "config.json",
            """
            {"model_type": "bert", "hidden_size": \(width), "num_hidden_layers": 1,
             "num_attention_heads": 2, "intermediate_size": \(2 * width), "hidden_act": "gelu",
             "vocab_size": \(words.count), "max_position_embeddings": \(contextLength),
             "type_vocab_size": 2, "layer_norm_eps": 1e-12}
            """)
        try folder.write("tokenizer.json", tokenizer(words))
        return folder
    }

    private static func tokenizer(_ words: [String]) -> String {
        let vocabulary = words.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
        let added = words.prefix(4).enumerated().map {
            """
            {"id": \($0), "content": "\($1)", "single_word": false, "lstrip": false, "rstrip": false,
             "normalized": false, "special": true}
            """
        }.joined(separator: ", ")
        return """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [\(added)],
             "normalizer": {"type": "BertNormalizer", "clean_text": true,
              "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
             "pre_tokenizer": {"type": "BertPreTokenizer"},
             "post_processor": {"type": "TemplateProcessing",
              "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
               {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
              "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
               {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
               {"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
              "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
               "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
             "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
              "max_input_chars_per_word": 100, "vocab": {\(vocabulary)}}}
            """
    }
}

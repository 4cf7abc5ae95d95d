import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

@Suite struct DictionaryFolderTests {
    private let folder: TemporaryFolder
    private let weights: SparseAutoencoder.Weights

    init() throws {
        folder = try TemporaryFolder()
        var g = SeededGenerator(seed: 6)
        weights = SparseAutoencoder.Weights(
            encoder: randomMatrix(8, 20, &g), encoderBias: randomFloats(20, &g),
            decoder: randomMatrix(20, 8, &g), decoderBias: randomFloats(8, &g))
    }

    private func write(
        _ architecture: String, _ changes: [String: String?] = [:], extra: String? = nil
    ) throws {
        var fields: [String: String] = [
            "architecture": "\"\(architecture)\"", "d_in": "8", "d_sae": "20",
            "dtype": "\"float32\"", "device": "\"cpu\"", "apply_b_dec_to_input": "true",
            "normalize_activations": "\"none\"", "reshape_activations": "\"none\"",
            "metadata": """
            {"hook_name": "blocks.0.hook_resid_post", "model_name": "m", "context_size": 6,
            "prepend_bos": false, "sae_lens_version": "6.12.1", "anything": [1]}
            """,
        ]
        if architecture == "topk" { fields["k"] = "5" }
        for (name, value) in changes { fields[name] = value }
        let text = fields.map { "\"\($0)\": \($1)" }.sorted().joined(separator: ",")
        try folder.write("cfg.json", "{\(text)}")
        var file = TensorFile()
        file.add("W_enc", weights.encoder)
        file.add("b_enc", weights.encoderBias)
        file.add("W_dec", weights.decoder)
        file.add("b_dec", weights.decoderBias)
        if architecture == "jumprelu" { file.add("threshold", weights.encoderBias) }
        if let extra { file.add(extra, [1]) }
        try folder.write("sae_weights.safetensors", file.bytes)
    }

    private func read() throws -> SparseAutoencoder { try SparseAutoencoder(folder: folder.path) }

    @Test(arguments: ["standard", "topk", "jumprelu"])
    func readsADictionary(architecture: String) throws {
        try write(architecture)
        let dictionary = try read()
        let kind: SparseAutoencoder.Architecture =
            switch architecture {
            case "topk": .topK(k: 5)
            case "jumprelu": .jumpReLU(threshold: weights.encoderBias)
            default: .standard
            }
        #expect(dictionary.architecture == kind)
        #expect(
            dictionary.origin
                == .init(
                    hookName: "blocks.0.hook_resid_post", modelName: "m", contextSize: 6,
                    prependsBOS: false))
        var g = SeededGenerator(seed: 1)
        let rows = randomMatrix(3, 8, &g)
        let expected = try SparseAutoencoder(weights, architecture: kind).encode(rows)
        #expect(try dictionary.encode(rows) == expected)
    }

    @Test func refusesFields_byName() throws {
        func refusal(_ name: String, _ value: String?, _ architecture: String = "topk") throws
            -> String
        {
            try write(architecture, [name: value])
            let text = message { _ = try read() }
            #expect(text.contains("/cfg.json: field \"") && text.contains(name))
            return text
        }
        for other in ["temporal", "crosscoder", "matching_pursuit", "batchtopk"] {
            #expect(try refusal("architecture", "\"\(other)\"").contains("only standard, topk"))
        }
        #expect(try refusal("architecture", nil).contains("absent"))
        #expect(try refusal("temperature", "1").contains("unknown"))
        #expect(try refusal("k", "5", "standard").contains("unknown"))
        #expect(try refusal("k", nil).contains("absent"))
        #expect(try refusal("k", "21").contains("at most d_sae, which is 20"))
        #expect(try refusal("normalize_activations", "\"whitened\"").contains("not supported"))
        #expect(try refusal("reshape_activations", "\"hook_z\"").contains("not supported"))
        #expect(
            try refusal("metadata", #"{"model_from_pretrained_kwargs": {"fold_ln": true}}"#)
                .contains("fold_ln"))
        #expect(try refusal("metadata", #"{"hook_head_index": 3}"#).contains("hook_head_index"))
    }

    @Test func centresRows_whenTheModelsWeightsWereCentred() throws {
        let arguments = #"{"model_from_pretrained_kwargs": {"center_writing_weights": true}}"#
        try write("standard", ["metadata": arguments])
        #expect(try read().preparation == .init(centresRows: true))
        let kept = try PublishedAutoencoder(
            path: folder.path, choices: .init(hookName: "hook_embed", centresRows: false))
        #expect(kept.autoencoder.preparation == .init())
        #expect(kept.autoencoder.origin.hookName == "hook_embed")
    }

    @Test func refusesTensors_byName() throws {
        try write("standard", extra: "threshold")
        #expect(message { _ = try read() }.contains("tensor \"threshold\" is unknown"))
        try write("topk", ["d_sae": .some("21")])
        #expect(message { _ = try read() }.contains("\"W_enc\" has shape [8, 20]"))
    }
}

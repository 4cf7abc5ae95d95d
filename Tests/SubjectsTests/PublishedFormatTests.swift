import Foundation
import LinearAlgebra
import Testing

import ReaderFuzzing
import SubjectMaterial
@testable import Subjects

/// How formats are told apart, and what each refusal says.
@Suite struct PublishedFormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Copies a fixture's files, but for those left out, into the folder.
    private func copy(_ name: String, except: Set<String> = []) throws {
        let source = PublishedParityTests.fixtures + name
        for file in try FileManager.default.contentsOfDirectory(atPath: source)
        where file != "expected.safetensors" && !except.contains(file) {
            let target = folder.path + "/" + file
            try? FileManager.default.removeItem(atPath: target)
            try FileManager.default.copyItem(atPath: source + "/" + file, toPath: target)
        }
    }

    private func refusal(
        _ file: String = "", _ choices: PublishedAutoencoder.Choices = .init()
    ) -> String {
        message { _ = try PublishedAutoencoder(path: folder.path + file, choices: choices) }
    }

    private func changeField(
        _ file: String, _ name: String, _ change: (inout [String: Any]) -> Void
    ) throws -> String {
        try copy(name)
        let url = URL(fileURLWithPath: folder.path + "/" + file)
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        var fields = try #require(object as? [String: Any])
        change(&fields)
        try FileManager.default.removeItem(at: url)
        try JSONSerialization.data(withJSONObject: fields).write(to: url)
        return refusal()
    }

    @Test func refusesAFolder_whenItFitsNoneOrMore() throws {
        #expect(refusal().contains("has none of cfg.json with sae_weights.safetensors"))
        try copy("sae-lens-topk")
        #expect(refusal() == "no error")
        try copy("gemma-scope")
        #expect(refusal().contains("has more than one of"))
        #expect(refusal("/cfg.json").contains("not a folder, and of files only .npz, .pt and"))
        #expect(refusal("/none").contains("cannot be read (No such file"))
    }

    @Test func asksForWhatTheFilesLeaveOpen() throws {
        try copy("qwen-scope")
        #expect(refusal("/layer7.sae.pt").contains("k is not in the files (only the repository"))
        #expect(refusal("/layer7.sae.pt", .init(k: 41)).contains("a k from 1 to 40"))
        try copy("dictionary-learning-BatchTopKSAE", except: ["config.json"])
        #expect(refusal("/ae.pt").contains("the tensors fit AutoEncoderTopK and BatchTopKSAE"))
        #expect(refusal("/ae.pt", .init(dictionaryClass: "BatchTopKSAE")) == "no error")
        #expect(refusal("/ae.pt", .init(dictionaryClass: "Best")).contains("the class Best is"))
        try copy("dictionary-learning-GatedAutoEncoder", except: ["config.json"])
        #expect(refusal("/ae.pt") == "no error")
        try FileManager.default.removeItem(atPath: folder.path + "/ae.pt")
        try FileManager.default.removeItem(atPath: folder.path + "/layer7.sae.pt")
        try copy("sae-lens-expected-average")
        #expect(refusal().contains("the scale of inputs, √d / mean ‖x‖ is not in the files"))
    }

    @Test func refusesFields_byName() throws {
        func sae(_ name: String, _ value: Any, _ base: String = "flat-standard") throws -> String {
            try changeField("cfg.json", "sae-lens-" + base) { $0[name] = value }
        }
        #expect(try sae("temperature", 1).contains("field \"temperature\" is unknown"))
        #expect(try sae("finetuning_scaling_factor", true).contains("finetuning_scaling_factor"))
        #expect(try sae("activation_fn", "tanh-relu").contains("only relu and topk"))
        #expect(try sae("hook_name", "hook_embed").contains("keep one of them"))
        #expect(try sae("normalize_activations", true).contains("the scale of inputs"))
        #expect(try sae("hook_point_head_index", 3).contains("hook_point_head_index"))
        #expect(
            try sae("apply_b_dec_to_input", true, "transcoder").contains("b_dec is its output's"))
        #expect(try sae("d_out", 11, "transcoder").contains("\"W_dec\" has shape [40, 10]"))
    }

    /// The refusal of a fixture with one field changed.
    private func other(
        _ file: String, _ base: String, _ name: String, _ value: Any
    ) throws -> String {
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            try FileManager.default.removeItem(atPath: folder.path + "/" + file)
        }
        return try changeField(file, base) { $0[name] = value }
    }

    @Test func refusesFieldsOfOtherFormats_byName() throws {
        #expect(
            try other("config.json", "gemma-scope-2", "architecture", "relu")
                .contains("only jump_relu"))
        #expect(try other("config.json", "gemma-scope-2", "width", 41).contains("40, as the"))
        #expect(
            try other("cfg.json", "sparsify/layers.4", "activation", "softmax")
                .contains("only topk and groupmax are computed"))
        #expect(try other("cfg.json", "sparsify/layers.4", "signed", true).contains("below 0"))
        #expect(try other("cfg.json", "sparsify/layers.4", "k", 99).contains("at most 40"))
        #expect(
            try other("hyperparams.json", "llama-scope", "act_fn", "topk")
                .contains("only jumprelu is computed"))
        #expect(
            try other(
                "config.json", "dictionary-learning-BatchTopKSAE", "trainer",
                ["dict_class": "BatchTopKSAE", "k": 8]
            ).contains("\"trainer.k\" is 8 but must be 7"))
        #expect(
            try other(
                "config.json", "dictionary-learning-BatchTopKSAE", "trainer",
                ["dict_class": "CrossCoder"]
            ).contains("only AutoEncoder, AutoEncoderNew"))
    }

    @Test func refusesFieldsOfLaterFormats_byName() throws {
        #expect(
            try other("cfg.json", "sparsify-groupmax/layers.4", "k", 7)
                .contains("a divisor of 40"))
        #expect(
            try other("activation_scaler.json", "sae-lens-activation-scaler", "has_whitening", true)
                .contains("whitening was folded into"))
        #expect(
            try other("cfg.json", "sae-lens-activation-scaler", "normalize_activations", "none")
                .contains("\"scaling_factor\" is 0.6, which is not supported"))
        let scope = "llama-scope-r1-later"
        #expect(try other("config.json", scope, "sae_type", "clt").contains("only \"sae\" is"))
        #expect(try other("config.json", scope, "act_fn", "topk").contains("relu and jumprelu"))
        #expect(try other("config.json", scope, "use_glu_encoder", true).contains("a linear enc"))
        #expect(try other("config.json", scope, "flavour", 1).contains("\"flavour\" is unknown"))
        #expect(try other("config.json", scope, "norm_activation", "batch-wise").contains("only d"))
        #expect(
            try other("config.json", "llama-scope-r1", "top_k", 3)
                .contains("the scale of inputs, √d / mean ‖x‖ is not in the files"))
    }

    @Test func readsArrays_andRefusesOthers() throws {
        func array(_ header: String, _ data: [UInt8]) throws -> NumPyArchive {
            let text = Array(header.utf8)
            let bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(text.count), 0]
            let zip = ZipBytes(entries: [("a.npy", bytes + text + data)])
            return try NumPyArchive(path: try folder.write("x.npz", zip.bytes))
        }
        func header(_ type: String, _ shape: String, _ fortran: String = "False") -> String {
            "{'descr': '\(type)', 'fortran_order': \(fortran), 'shape': \(shape), }   \n"
        }
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6]
        #expect(
            try array(header("|u1", "(2, 3)"), bytes).floats("a", shape: [2, 3])
                == [1, 2, 3, 4, 5, 6])
        #expect(
            try array(header("|u1", "(2, 3)", "True"), bytes).floats("a", shape: [2, 3])
                == [1, 3, 5, 2, 4, 6])
        #expect(try array(header("<f2", "()"), [0, 0x3C]).floats("a", shape: []) == [1])
        #expect(
            try array(header("<i2", "(3,)"), bytes).floats("a", shape: [3]) == [513, 1027, 1541])
        #expect(message { _ = try array(header("|O", "(1,)"), bytes) }.contains("holds |O;"))
        #expect(message { _ = try array(header(">f4", "(1,)"), bytes) }.contains("holds >f4;"))
        #expect(message { _ = try array(header("<f4", "(2,)"), bytes) }.contains("takes 8 bytes"))
        #expect(message { _ = try array("{'descr': 1}", bytes) }.contains("has a header that is"))
        let huge = message { _ = try array(header("<f8", "(4611686018427387904, 4)"), bytes) }
        #expect(huge.contains("impossible shape"))
    }
}

/// Published files, where they are at hand.
@Suite struct RealDictionaryTests {
    private static let dictionary = SharedData.file("saes/dictionary-learning/ae1.pt")
    private static let other = SharedData.file("saes/prestoj-tinystories1M/sae_128_4.pt")

    /// The expected numbers are what dictionary_learning 0.1.0 computes.
    @Test(.enabled(if: dictionary != nil, SharedData.absence))
    func agreesOnAPublishedDictionary() throws {
        let path = try #require(Self.dictionary)
        let read = try PublishedAutoencoder(path: path)
        #expect(read.format == .dictionaryLearning)
        let x = Matrix([(0..<48).map { Float((7 * $0) % 11 - 5) / 4 }])
        let row = try read.autoencoder.encode(x)[0]
        #expect(row.indices.count == 86 && row.values.max() == row[166])
        #expect(abs(row.values.reduce(0, +) - 25.852104) < 1e-3)
        #expect(abs(row[166] - 1.3064425) < 1e-4)
        let output = try read.autoencoder.reconstruct(x).storage
        let expected: [Float] = [0.31861717, -0.11348783, 1.0191437]
        #expect(zip(output, expected).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test(.enabled(if: other != nil, SharedData.absence))
    func readsTransposedTensors_andRefusesAnUnknownLayout() throws {
        let path = try #require(Self.other)
        let file = try TorchFile(path: path)
        let encoder = try file.matrix("encoder_weights", rows: 64, columns: 128)
        #expect(encoder[3, 5] == -0.13371050357818604 && encoder[63, 127] == 0.11556079983711243)
        let decoder = try file.matrix("decoder_weights", rows: 128, columns: 64)
        #expect(decoder[5, 3] == -0.09706731885671616)
        let refusal = message { _ = try PublishedAutoencoder(path: path) }
        #expect(refusal.contains("decoder_weights, encoder_bias, encoder_weights, pre_bias"))
    }
}

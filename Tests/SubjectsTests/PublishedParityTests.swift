import Foundation
import LinearAlgebra
import Subjects
import Testing

/// Dictionaries of every published format against what the libraries, or an independent
/// computation, make of them; written by `Fixtures/make_saes.py`.
@Suite struct PublishedParityTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let format: PublishedAutoencoder.Format
        var choices = PublishedAutoencoder.Choices()
        var testDescription: String { path }

        var folder: String {
            guard path.hasSuffix(".pt") || path.hasSuffix(".safetensors"),
                let end = path.lastIndex(of: "/")
            else { return path }
            return String(path[..<end])
        }
    }

    static let fixtures = Bundle.module.bundlePath + "/Fixtures/saes/"

    static let cases: [Case] =
        [
            "standard", "standard-uncentred", "topk", "topk-rescaled", "jumprelu", "gated",
            "transcoder", "skip_transcoder", "jumprelu_transcoder", "jumprelu_skip_transcoder",
            "constant-norm", "layer-norm", "batchtopk", "matryoshka", "flat-standard", "flat-topk",
        ].map { Case(path: "sae-lens-" + $0, format: .saeLens) } + [
            Case(
                path: "sae-lens-expected-average", format: .saeLens,
                choices: .init(inputScale: 0.75)),
            Case(path: "sae-lens-activation-scaler", format: .saeLens),
        ]
        + [
            "AutoEncoder", "AutoEncoderNew", "GatedAutoEncoder", "AutoEncoderTopK", "BatchTopKSAE",
            "JumpReluAutoEncoder", "MatryoshkaBatchTopKSAE",
        ].map { Case(path: "dictionary-learning-" + $0, format: .dictionaryLearning) } + [
            Case(path: "gemma-scope", format: .gemmaScope),
            Case(path: "gemma-scope-transcoder", format: .gemmaScope),
            Case(path: "gemma-scope-2", format: .gemmaScope2),
            Case(path: "gemma-scope-2-transcoder", format: .gemmaScope2),
            Case(path: "sparsify/layers.4", format: .sparsify),
            Case(path: "sparsify-transcoder/layers.2.mlp", format: .sparsify),
            Case(path: "openai-topk/autoencoder.pt", format: .openAI),
            Case(path: "openai-relu/autoencoder.pt", format: .openAI),
            Case(path: "llama-scope", format: .llamaScope),
            Case(path: "llama-scope-transcoder", format: .llamaScope),
            Case(path: "qwen-scope/layer7.sae.pt", format: .qwenScope, choices: .init(k: 5)),
            Case(path: "hypothesaes/sae.pt", format: .hypotheSAEs),
            Case(path: "hypothesaes-batch/sae.pt", format: .hypotheSAEs),
            Case(path: "gemma-scope-compressed", format: .gemmaScope),
            Case(path: "sparsify-groupmax/layers.4", format: .sparsify),
            Case(
                path: "llama-scope-r1", format: .llamaScopeR1, choices: .init(inputScale: 0.75)),
            Case(path: "llama-scope-r1-later", format: .llamaScopeR1),
            Case(path: "circuit-transcoder/layer_3.safetensors", format: .circuitTranscoder),
        ]

    private func expected(_ c: Case, _ name: String) throws -> Matrix {
        let file = try Safetensors(path: Self.fixtures + c.folder + "/expected.safetensors")
        let shape = try #require(file.entry(name)).shape
        return try file.matrix(name, rows: shape[0], columns: shape[1])
    }

    @Test(arguments: cases) func computesWhatTheLibraryDoes(_ c: Case) throws {
        let read = try PublishedAutoencoder(path: Self.fixtures + c.path, choices: c.choices)
        #expect(read.format == c.format)
        let x = try expected(c, "x")
        let acts = try expected(c, "acts")
        let rows = try read.autoencoder.encode(x)
        let dense = rows.flatMap { row in (0..<acts.columns).map { row[$0] } }
        try #require(dense.count == acts.storage.count)
        let latentError = relativeError(dense, acts.storage.map(Double.init))
        #expect(latentError < 1e-4)
        let active = acts.storage.filter { $0 > 0 }.count
        #expect(rows.reduce(0) { $0 + $1.indices.count } == active && active > 0)
        let output = try read.autoencoder.reconstruct(x)
        let recon = try expected(c, "recon")
        try #require(output.columns == recon.columns)
        let outputError = relativeError(output.storage, recon.storage.map(Double.init))
        #expect(outputError < 1e-4)
    }

    @Test func saysWhatItAssumes() throws {
        func value(_ name: String, _ path: String, _ k: Int? = nil) throws -> String? {
            try PublishedAutoencoder(path: Self.fixtures + path, choices: .init(k: k))
                .assumptions.first { $0.name == name }?.value
        }
        #expect(try value("hook point", "sae-lens-topk") == "blocks.1.hook_resid_post")
        #expect(try value("first token", "sae-lens-topk")?.hasPrefix("none") == true)
        #expect(try value("first token", "sae-lens-flat-standard")?.hasPrefix("expected") == true)
        #expect(try value("hook point", "sparsify/layers.4") == "blocks.4.hook_resid_post")
        #expect(try value("hook point", "gemma-scope-2") == "blocks.5.hook_resid_post")
        #expect(
            try value("hook point", "dictionary-learning-AutoEncoder")
                == "blocks.3.hook_resid_post")
        #expect(try value("hook point", "gemma-scope")?.contains("name it yourself") == true)
        #expect(
            try value("hook point", "qwen-scope/layer7.sae.pt", 5) == "blocks.7.hook_resid_post")
        #expect(
            try value("normalisation", "openai-topk/autoencoder.pt")?.contains("deviation") == true)
        #expect(try value("hook point", "llama-scope-r1-later") == "blocks.3.hook_resid_post")
        let transcoder = "circuit-transcoder/layer_3.safetensors"
        #expect(try value("hook point", transcoder) == "blocks.3.mlp.hook_in")
        #expect(try value("activation", transcoder)?.contains("does not say") == true)
        #expect(try value("centring", "sae-lens-topk")?.hasPrefix("none") == true)
    }
}

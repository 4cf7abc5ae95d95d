import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

/// Whatever bytes a file has, reading gives a dictionary that can be used or a typed error, soon.
@Suite struct PublishedMutationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Changes a few bytes, mostly near the ends, where zip files and pickles have their structure.
    private func mutated(
        _ original: [UInt8], _ g: inout SeededGenerator, from donors: [UInt8]
    ) -> [UInt8] {
        var bytes = original
        for _ in 0..<1 + g.below(4) where bytes.count > 1 {
            var place = g.below(bytes.count)
            switch g.below(5) {
            case 0, 1: place = min(place, g.below(1100))
            case 2, 3: place = max(place, bytes.count - 1 - g.below(900))
            default: break
            }
            place = max(0, place)
            switch g.below(8) {
            case 0: bytes[place] = UInt8(g.below(256))
            case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][g.below(6)]
            case 2: bytes[place] ^= 1 << UInt8(g.below(8))
            case 3, 4: bytes[place] = donors[g.below(donors.count)]
            case 5: bytes.remove(at: place)
            case 6: bytes.insert(donors[g.below(donors.count)], at: place)
            default:
                if g.below(6) == 0 { bytes.removeLast(g.below(bytes.count)) }
                let count = min(4, bytes.count - place)
                if count > 0 { bytes.replaceSubrange(place..<place + count, with: [0xFF]) }
            }
        }
        return bytes
    }

    private func use(_ path: String) {
        do throws(SubjectError) {
            let choices = PublishedAutoencoder.Choices(k: 3, inputScale: 1)
            let read = try PublishedAutoencoder(path: path, choices: choices)
            let width = read.autoencoder.inputWidth
            let rows = Matrix(rows: 1, columns: width, repeating: 0.5)
            let output = try read.autoencoder.reconstruct(rows)
            #expect(output.columns == read.autoencoder.outputWidth)
        } catch {
            #expect(!error.description.contains("\n\n"))
        }
    }

    /// Opcodes of pickles, refused ones too, and digits.
    private static let opcodes =
        Array("().GJKMNQRXabcehjqrstu]}0PITVidop2\u{1}\u{2}9".utf8)
        + [0x80, 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x93]

    private static let torchFiles = [
        "dictionary-learning-AutoEncoder/ae.pt", "dictionary-learning-GatedAutoEncoder/ae.pt",
        "dictionary-learning-MatryoshkaBatchTopKSAE/ae.pt", "openai-topk/autoencoder.pt",
        "qwen-scope/layer7.sae.pt", "hypothesaes/sae.pt", "hypothesaes-batch/sae.pt",
    ]

    @Test(.timeLimit(.minutes(5)), arguments: UInt64(0)..<40)
    func survivesMutatedTorchFiles(seed: UInt64) throws {
        var g = SeededGenerator(seed: seed, stream: 1)
        let name = Self.torchFiles[Int(seed) % Self.torchFiles.count]
        let original = [UInt8](
            try Data(contentsOf: URL(fileURLWithPath: PublishedParityTests.fixtures + name)))
        for _ in 0..<280 {
            use(try folder.write("m.pt", mutated(original, &g, from: Self.opcodes)))
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: UInt64(0)..<20)
    func survivesMutatedArrays(seed: UInt64) throws {
        var g = SeededGenerator(seed: seed, stream: 2)
        let name = seed % 2 == 0 ? "gemma-scope" : "gemma-scope-transcoder"
        let path = PublishedParityTests.fixtures + name + "/params.npz"
        let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let donors = Array("{}'(), :<>|fiub0123456789NUMPYdescrshapeTrueFalse".utf8)
        for _ in 0..<280 {
            use(try folder.write("m.npz", mutated(original, &g, from: donors)))
        }
    }

    private static let folders = [
        ("sae-lens-topk-rescaled", "cfg.json"), ("sae-lens-gated", "cfg.json"),
        ("sae-lens-skip_transcoder", "cfg.json"), ("sae-lens-flat-topk", "cfg.json"),
        ("dictionary-learning-BatchTopKSAE", "config.json"), ("gemma-scope-2", "config.json"),
        ("sparsify/layers.4", "cfg.json"), ("llama-scope", "hyperparams.json"),
    ]

    @Test(.timeLimit(.minutes(5)), arguments: UInt64(0)..<32)
    func survivesMutatedConfigurations(seed: UInt64) throws {
        var g = SeededGenerator(seed: seed, stream: 3)
        let (name, config) = Self.folders[Int(seed) % Self.folders.count]
        let target = folder.path + "/layers.1"
        try FileManager.default.copyItem(
            atPath: PublishedParityTests.fixtures + name, toPath: target)
        let original = [UInt8](
            try Data(contentsOf: URL(fileURLWithPath: "\(target)/\(config)")))
        let donors = Array("{}[]\",:0123456789-.eE+ truefalsn_kdw".utf8)
        for _ in 0..<280 {
            try folder.write("layers.1/" + config, mutated(original, &g, from: donors))
            use(target)
        }
    }
}

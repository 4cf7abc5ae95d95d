import Digests
import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

@testable import Dictionaries

@Suite struct WrittenDictionaryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let (width, latents) = (12, 20)

    /// A dictionary of every architecture, its weights drawn at random.
    private static func dictionaries(seed: UInt64) -> [(name: String, TrainedDictionary)] {
        var generator = SeededGenerator(seed: seed)
        func values(_ count: Int) -> [Float] { (0..<count).map { _ in Float(generator.normal()) } }
        func dictionary(
            _ plan: TrainingArchitecture, _ form: SparseAutoencoder.Architecture
        ) -> TrainedDictionary {
            var encoderBias = values(latents)
            if case .gated = form { encoderBias = encoderBias.map { $0 / 4 } }
            let weights = SparseAutoencoder.Weights(
                encoder: Matrix(rows: width, columns: latents, storage: values(width * latents)),
                encoderBias: encoderBias,
                decoder: Matrix(rows: latents, columns: width, storage: values(width * latents)),
                decoderBias: values(width))
            return TrainedDictionary(
                form: TrainedForm(
                    weights: weights, architecture: form, subtractsDecoderBias: true),
                plan: TrainingPlan(
                    latentCount: latents, architecture: plan, tokens: 1_000, batchSize: 100),
                facts: SourceFacts(
                    origin: .init(
                        hookName: "blocks.3.hook_resid_post", modelName: "model",
                        contextSize: 128, prependsBOS: true), dataName: "a \"corpus\"",
                    dataDigest: SHA256.digest(of: "a"), engine: "engine", randomModel: 5),
                quality: HeldOutQuality(
                    tokens: 10, explainedVariance: 0.5, meanSquaredError: 1, activeLatents: 3,
                    liveLatents: 20, denseLatents: 0), liveLatents: 20)
        }
        let threshold = [Float](repeating: 0.8, count: latents)
        return [
            ("standard", dictionary(.standard(.init(coefficient: 1)), .standard)),
            (
                "gated",
                dictionary(
                    .gated(.init(coefficient: 1)),
                    .gated(
                        .init(
                            bias: values(latents), logScale: values(latents).map { $0 / 4 },
                            magnitudeBias: values(latents))))
            ),
            ("topk", dictionary(.topK(k: 4), .topK(k: 4))),
            ("batchtopk", dictionary(.batchTopK(k: 4), .jumpReLU(threshold: threshold))),
            (
                "matryoshka",
                dictionary(
                    .matryoshka(k: 4, prefixes: [5, 10, 20]), .jumpReLU(threshold: threshold))
            ),
            (
                "jumprelu",
                dictionary(
                    .jumpReLU(.init(activeLatents: 4)),
                    .jumpReLU(threshold: values(latents).map(abs)))
            ),
        ]
    }

    private func rows() -> Matrix {
        var generator = SeededGenerator(seed: 8)
        return Matrix(
            rows: 60, columns: Self.width,
            storage: (0..<60 * Self.width).map { _ in Float(2 * generator.normal()) })
    }

    /// Whether two autoencoders have the same latents and reconstructions, units of latents apart.
    private func expectAlike(
        _ a: SparseAutoencoder, _ b: SparseAutoencoder, _ name: String
    ) throws {
        let rows = rows()
        #expect(try a.encode(rows).map(\.indices) == b.encode(rows).map(\.indices), "\(name)")
        let (x, y) = (try a.reconstruct(rows), try b.reconstruct(rows))
        for (p, q) in zip(x.storage, y.storage) { #expect(abs(p - q) < 1e-4 * max(1, abs(p))) }
    }

    @Test func readsEveryArchitectureBack_inBothLayouts() throws {
        for (name, dictionary) in Self.dictionaries(seed: 1) {
            for layout in TrainedDictionary.Layout.allCases {
                let path = "\(folder.path)/\(name)-\(layout.rawValue)"
                try dictionary.write(to: path, as: layout)
                let published = try PublishedAutoencoder(path: path)
                #expect(
                    published.format == (layout == .saeLens ? .saeLens : .dictionaryLearning))
                try expectAlike(published.autoencoder, dictionary.autoencoder(), path)
                #expect(
                    published.autoencoder.origin.hookName == "blocks.3.hook_resid_post")
            }
        }
    }

    @Test func writesTheSameBytesAgain() throws {
        let (one, two) = (Self.dictionaries(seed: 2), Self.dictionaries(seed: 2))
        for (a, b) in zip(one, two) {
            #expect(
                try a.1.dictionaryLearningFiles().map(\.bytes)
                    == b.1.dictionaryLearningFiles().map(\.bytes))
            #expect(bits(a.1) == bits(b.1))
        }
    }

    @Test func takesThePlaceOfAWritingThatWasBrokenOff() throws {
        let dictionary = Self.dictionaries(seed: 3)[0].1
        let path = folder.path + "/missing"
        try folder.write("missing.new", "in the way")
        try dictionary.write(to: path)
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
    }
}

import Foundation
import LinearAlgebra
import Subjects
import Testing

func randomDictionary(
    _ architecture: String, width: Int, latents: Int, _ g: inout SeededGenerator,
    subtracts: Bool = true, rescales: Bool = false
) -> SparseAutoencoder {
    let weights = SparseAutoencoder.Weights(
        encoder: randomMatrix(width, latents, &g, scale: 1 / Double(width).squareRoot()),
        encoderBias: randomFloats(latents, &g, scale: 0.1),
        decoder: randomMatrix(latents, width, &g), decoderBias: randomFloats(width, &g))
    let kind: SparseAutoencoder.Architecture =
        switch architecture {
        case "topk": .topK(k: min(7, latents))
        case "jumprelu": .jumpReLU(threshold: randomFloats(latents, &g))
        default: .standard
        }
    return SparseAutoencoder(
        weights, architecture: kind, subtractsDecoderBias: subtracts,
        rescalesByDecoderNorm: rescales)
}

@Suite struct SparseAutoencoderTests {
    /// The same weights again, as a plain loop sees them.
    private struct Twin {
        let weights: SparseAutoencoder.Weights
        let dictionary: SparseAutoencoder

        init(_ seed: UInt64, _ architecture: String, _ width: Int, _ latents: Int) {
            var g = SeededGenerator(seed: seed)
            weights = SparseAutoencoder.Weights(
                encoder: randomMatrix(width, latents, &g),
                encoderBias: randomFloats(latents, &g),
                decoder: randomMatrix(latents, width, &g), decoderBias: randomFloats(width, &g))
            let kind: SparseAutoencoder.Architecture =
                switch architecture {
                case "topk": .topK(k: 1 + g.below(latents))
                case "groupmax":
                    .groupMax(
                        groups: (1...latents).filter { latents % $0 == 0 }.randomElement(using: &g)!
                    )
                case "jumprelu": .jumpReLU(threshold: randomFloats(latents, &g))
                case "gated":
                    .gated(
                        .init(
                            bias: randomFloats(latents, &g), logScale: randomFloats(latents, &g),
                            magnitudeBias: randomFloats(latents, &g)))
                default: .standard
                }
            dictionary = SparseAutoencoder(
                weights, architecture: kind, subtractsDecoderBias: seed % 2 == 0,
                rescalesByDecoderNorm: seed % 3 == 0)
        }

        func norm(_ latent: Int) -> Double {
            guard dictionary.rescalesByDecoderNorm else { return 1 }
            return weights.decoder.row(latent).reduce(0.0) { $0 + Double($1) * Double($1) }
                .squareRoot()
        }

        func encode(_ row: ArraySlice<Float>) -> [Double] {
            let x = zip(row, weights.decoderBias).map {
                Double($0) - (dictionary.subtractsDecoderBias ? Double($1) : 0)
            }
            let pre = weights.encoderBias.indices.map { latent in
                (Double(weights.encoderBias[latent])
                    + x.indices.reduce(0.0) { $0 + x[$1] * Double(weights.encoder[$1, latent]) })
                    * norm(latent)
            }
            switch dictionary.architecture {
            case .standard: return pre.map { max($0, 0) }
            case .jumpReLU(let threshold):
                return zip(pre, threshold).map { $0 > Double($1) ? max($0, 0) : 0 }
            case .topK(let k):
                let kept = Set(pre.indices.sorted { pre[$0] > pre[$1] }.prefix(k))
                return pre.indices.map { kept.contains($0) ? max(pre[$0], 0) : 0 }
            case .groupMax(let groups):
                let size = pre.count / groups
                return pre.indices.map { latent in
                    let own = pre[latent / size * size..<(latent / size + 1) * size]
                    return pre[latent] == own.max() ? max(pre[latent], 0) : 0
                }
            case .gated(let gate):
                return pre.indices.map {
                    pre[$0] + Double(gate.bias[$0]) > 0
                        ? max(
                            exp(Double(gate.logScale[$0])) * pre[$0]
                                + Double(gate.magnitudeBias[$0]), 0) : 0
                }
            }
        }

        func decode(_ latents: [Double]) -> [Double] {
            weights.decoderBias.indices.map { c in
                latents.indices.reduce(Double(weights.decoderBias[c])) {
                    $0 + latents[$1] / norm($1) * Double(weights.decoder[$1, c])
                }
            }
        }
    }

    @Test(arguments: ["standard", "topk", "groupmax", "jumprelu", "gated"], UInt64(0)..<12)
    func matchesPlainLoop(architecture: String, seed: UInt64) throws {
        var g = SeededGenerator(seed: seed, stream: 3)
        let (width, latents) = (1 + g.below(40), 1 + g.below(90))
        let twin = Twin(seed, architecture, width, latents)
        let rows = randomMatrix(60, width, &g)
        let sparse = try twin.dictionary.encode(rows)
        let decoded = twin.dictionary.decode(sparse)
        for r in 0..<60 {
            let expected = twin.encode(rows.row(r))
            let dense = (0..<latents).map { sparse[r][$0] }
            #expect(relativeError(dense, expected) < 1e-5)
            #expect(zip(sparse[r].indices, sparse[r].indices.dropFirst()).allSatisfy { $0 < $1 })
            #expect(sparse[r].values.allSatisfy { $0 > 0 })
            #expect(relativeError(Array(decoded.row(r)), twin.decode(expected)) < 1e-5)
        }
    }

    @Test func refusesRows_whenWidthDiffers() throws {
        var g = SeededGenerator(seed: 1)
        let dictionary = randomDictionary("standard", width: 8, latents: 4, &g)
        let refusal = message { _ = try dictionary.encode(Matrix(rows: 1, columns: 9)) }
        #expect(refusal.contains("8 wide") && refusal.contains("9"))
    }

    @Test func refusesAModel_whenItDoesNotFit() throws {
        var g = SeededGenerator(seed: 1)
        let c = GPT2Configuration(
            vocabularySize: 5, contextLength: 3, width: 8, layerCount: 1, headCount: 2)
        let model = GPT2(configuration: c, weights: .random(c, &g), name: "small")
        let wide = randomDictionary("standard", width: 9, latents: 4, &g)
        #expect(message { try wide.check(fits: model) }.contains("model small is 8"))
        let nameless = randomDictionary("standard", width: 8, latents: 4, &g)
        #expect(message { try nameless.check(fits: model) }.contains("metadata.hook_name"))
    }
}

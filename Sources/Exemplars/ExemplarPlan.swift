// Exemplars: where every latent of a dictionary fires in a corpus, found in one pass.
//
// Read `ExemplarPass` (what is done), `ExemplarStore` (what is read back) and `ExemplarFormat` (the
// bytes between them). This module knows nothing of hypotheses: it keeps contexts and counts.

import Digests
import JSON

/// How much of a corpus an exemplar pass keeps. Everything here decides the store's bytes.
public struct ExemplarPlan: Sendable, Hashable {
    /// Tokens of a context; a document is cut into contexts of this length and a shorter last one.
    /// The first token that the subject puts before each is not counted.
    public var contextLength: Int
    /// Tokens that are kept of a context, round its maximum: up to three quarters before it.
    public var window: Int
    /// Contexts of greatest maximum kept for each latent.
    public var topCount: Int
    /// Parts of equal weight into which the distribution of a latent's context maxima is cut.
    public var quantileCount: Int
    /// Contexts kept of each part, drawn by chance.
    public var perQuantile: Int
    /// Contexts drawn from the whole corpus, whatever fires there.
    public var backgroundCount: Int
    /// Counters for co-firing latents, for each latent.
    public var cofiringCount: Int
    /// Decides every random choice.
    public var seed: UInt64

    public init(
        contextLength: Int = 128, window: Int = 32, topCount: Int = 20, quantileCount: Int = 10,
        perQuantile: Int = 5, backgroundCount: Int = 256, cofiringCount: Int = 64, seed: UInt64 = 1
    ) {
        self.contextLength = contextLength
        self.window = window
        self.topCount = topCount
        self.quantileCount = quantileCount
        self.perQuantile = perQuantile
        self.backgroundCount = backgroundCount
        self.cofiringCount = cofiringCount
        self.seed = seed
    }

    /// Contexts drawn for each latent while the distribution is still unknown: twice what its
    /// quantiles will show, so that nearly all of them have enough.
    var sampleCapacity: Int { 2 * quantileCount * perQuantile }

    /// - Throws: ``ExemplarError/badPlan(field:value:expected:)``.
    func check() throws(ExemplarError) {
        let limits: [(name: String, value: Int, range: ClosedRange<Int>)] = [
            ("context-length", contextLength, 2...32_768), ("window", window, 1...contextLength),
            ("top", topCount, 1...1_000), ("quantiles", quantileCount, 1...100),
            ("per-quantile", perQuantile, 1...100), ("background", backgroundCount, 0...10_000),
            ("cofiring", cofiringCount, 16...1_024),
        ]
        for limit in limits where !limit.range.contains(limit.value) {
            throw .badPlan(
                field: limit.name, value: limit.value,
                expected: "from \(limit.range.lowerBound) to \(limit.range.upperBound)")
        }
        guard cofiringCount.isMultiple(of: 16) else {
            throw .badPlan(field: "cofiring", value: cofiringCount, expected: "a multiple of 16")
        }
    }
}

extension ExemplarPlan {
    var json: JSONValue {
        [
            "context_length": .integer(contextLength), "window": .integer(window),
            "top": .integer(topCount), "quantiles": .integer(quantileCount),
            "per_quantile": .integer(perQuantile), "background": .integer(backgroundCount),
            "cofiring": .integer(cofiringCount), "seed": .string(String(seed)),
        ]
    }

    /// - Returns: nil if a field is absent or no whole number.
    init?(_ json: JSONValue) {
        func number(_ name: String) -> Int? { json[name]?.integer }
        guard let contextLength = number("context_length"), let window = number("window"),
            let top = number("top"), let quantiles = number("quantiles"),
            let perQuantile = number("per_quantile"), let background = number("background"),
            let cofiring = number("cofiring"), let seed = json["seed"]?.string.flatMap(UInt64.init)
        else { return nil }
        self.init(
            contextLength: contextLength, window: window, topCount: top, quantileCount: quantiles,
            perQuantile: perQuantile, backgroundCount: background, cofiringCount: cofiring,
            seed: seed)
    }
}

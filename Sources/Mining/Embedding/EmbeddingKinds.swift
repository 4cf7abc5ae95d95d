import Dictionaries
import LinearAlgebra
import Rows
import Statistics

/// Kinds of texts that nobody named: latents of a sparse autoencoder that is trained on the vectors of the
/// discover rows' texts, without a look at the target.
///
/// - Source: Movva et al. 2025, "Sparse Autoencoders for Hypothesis Generation" (HypotheSAEs), whose
///   autoencoder is trained on far more texts than a discover split has, so that ours has few latents.
struct EmbeddingKinds: Sendable {
    /// One latent, as far as the target goes with it.
    struct Kind: Sendable {
        let latent: Int
        /// Of each text; 0 where it is silent.
        let activations: [Double]
        /// Rank correlation of the activations with the target.
        let correlation: Double
    }

    /// For each live latent its activations on the texts, first texts before other ones of pairs.
    private let latents: [(index: Int, activations: [Double])]
    private let isPaired: Bool

    /// Kinds that are looked at in one round.
    static let shown = 6
    /// A kind of fewer texts than these, or more than half of them, says little.
    private static let leastTexts = 12
    /// Latents active on a text, in the training.
    private static let k = 4
    private static let epochs = 60

    init(_ discover: RoleView<Discover>, _ embedding: TextEmbedding, seed: UInt64) async throws {
        let texts = discover.rows.texts + (discover.rows.otherTexts ?? [])
        isPaired = discover.rows.otherTexts != nil
        let vectors = try await embedding.vectors(of: texts)
        let count = min(256, max(Self.k, texts.count / 8))
        let dictionary = try TrainedDictionary.autoencoder(
            on: vectors,
            plan: TrainingPlan(
                latentCount: count, architecture: .topK(k: min(Self.k, count)),
                tokens: Self.epochs * texts.count, batchSize: min(64, texts.count), seed: seed))
        var activations = [[Double]](
            repeating: [Double](repeating: 0, count: texts.count), count: count)
        for (text, row) in try dictionary.encode(vectors).enumerated() {
            for (latent, value) in zip(row.indices, row.values) {
                activations[Int(latent)][text] = Double(value)
            }
        }
        latents = activations.enumerated().compactMap { index, values in
            let firing = values.count { $0 > 0 }
            return firing >= Self.leastTexts && 2 * firing <= texts.count ? (index, values) : nil
        }
    }

    /// The kinds that go most with a target of the discover rows: of a pair, what is high for one text is
    /// low for the other.
    func telling(_ target: [Double]) -> [Kind] {
        let target = isPaired ? target + target.map { -$0 } : target
        return latents.map { index, activations in
            Kind(
                latent: index, activations: activations,
                correlation: RankStatistics.spearman(activations, target) ?? 0)
        }
        .sorted { (-abs($0.correlation), $0.latent) < (-abs($1.correlation), $1.latent) }
        .prefix(Self.shown).map { $0 }
    }
}

extension EmbeddingKinds.Kind {
    /// Texts of the kind, the clearest first, and as many that are not of it, drawn at random.
    func examples(
        _ count: Int, _ generator: inout SeededGenerator
    ) -> (having: [Int], lacking: [Int]) {
        let having = activations.indices.filter { activations[$0] > 0 }
            .sorted { (-activations[$0], $0) < (-activations[$1], $1) }
        let lacking = activations.indices.filter { activations[$0] == 0 }
            .shuffled(using: &generator)
        return (Array(having.prefix(count)), Array(lacking.prefix(count)))
    }
}

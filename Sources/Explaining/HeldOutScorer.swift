import Games
import Inquiry
import LinearAlgebra
import Statistics

/// Scores predicates against a feature's activations on held-out games.
struct HeldOutScorer {
    private let pool: GamePool
    private let scorer: PredictionScorer

    init(
        pool: GamePool, activations: [Float], threshold: FiringThreshold, replicates: Int,
        seed: UInt64
    ) {
        self.pool = pool
        scorer = PredictionScorer(
            starts: pool.starts, usable: pool.usable, activations: activations,
            threshold: threshold, replicates: replicates, seed: seed)
    }

    /// - Parameter matchesProperties: whether to compare with the catalogue's properties too.
    func card(
        _ explanation: Hypothesis, oneShot: Hypothesis, matchesProperties: Bool
    ) throws -> ScoreCard {
        let predicate = try BoardPredicate.parse(explanation.formula, on: pool.rules)
        let control = try BoardPredicate.parse(oneShot.formula, on: pool.rules)
        let masks = predicate.facets.map { pool.table.evaluate($0) }
        let facets = zip(predicate.facets, scorer.shares(of: masks)).map { facet, share in
            FacetShare(
                formula: facet.formula(on: pool.rules), statement: facet.sentence(on: pool.rules),
                massShare: share.mass, precision: share.precision)
        }
        let mask = pool.table.evaluate(predicate)
        return ScoreCard(
            explanation: scorer.score(mask, explanation.id),
            oneShot: scorer.score(pool.table.evaluate(control), oneShot.id), facets: facets,
            firing: scorer.firing,
            truth: matchesProperties
                ? PropertyMatcher(pool: pool, scorer: scorer).truth(of: mask) : nil)
    }
}

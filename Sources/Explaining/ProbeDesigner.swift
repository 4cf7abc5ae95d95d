import Games
import Inquiry
import LinearAlgebra

/// Builds inputs that could refute a hypothesis: games that reach a position where it holds or fails
/// while as much else as possible stays the same.
///
/// Everything is a search over legal games; where it finds nothing the probe is left out, never made
/// up.
struct ProbeDesigner: Sendable {
    let rules: Othello
    /// Games that are measured only where a probe is made of them.
    let pool: GamePool
    /// Content that must not be measured yet.
    let heldOut: GamePool
    let context: Int

    /// A designed input before it is numbered.
    struct Design: Hashable {
        let moves: [Square]
        let role: ProbeRole
        let note: String
    }

    /// What a round of designs may build on.
    struct Material {
        let predicate: BoardPredicate
        /// Rivals of the hypothesis, best first.
        let rivals: [BoardPredicate]
        /// Games on whose last move the feature is known to fire.
        let firing: [[Square]]
        /// Games on whose last move it is known to be silent though they resemble firing ones.
        let silent: [[Square]]
        /// Transcripts that this hypothesis has already been tested on.
        var used: Set<String>
    }

    /// A trial's two inputs: one on which the hypothesis holds, which should fire, and one on which it
    /// fails, which should be silent. Kinds take turns:
    ///
    /// 1. a firing game edited as little as possible with the hypothesis kept, and one with it broken;
    /// 2. a silent game edited so that the hypothesis holds, against a rival that holds alone;
    /// 3. a firing game with as much of the board changed as one edit can and the hypothesis kept, and
    ///    one with it broken;
    /// 4. a firing game edited as little as possible with it kept, against a rival that holds alone.
    ///
    /// Where a kind finds no input, a fresh game takes its place.
    func pair(
        _ trial: Int, _ material: Material, _ generator: inout SeededGenerator
    ) -> (positive: Design, negative: Design)? {
        var material = material
        let kept =
            trial % 4 == 2
            ? enabled(material, &generator)
            : paraphrase(material, far: trial % 4 == 3, &generator)
        guard let positive = kept ?? fresh(material, holds: true, &generator) else { return nil }
        material.used.insert(rules.transcript(positive.moves))
        let broken =
            trial % 2 == 1
            ? nearMiss(trial / 2, material, &generator) : rival(trial / 2, material, &generator)
        guard let negative = broken ?? fresh(material, holds: false, &generator) else { return nil }
        return (positive, negative)
    }

    /// A position of the pool on which the hypothesis holds or fails; a failing one follows a move
    /// that firing games end with, where there is one, so that it is no easy negative.
    private func fresh(
        _ material: Material, holds: Bool, _ generator: inout SeededGenerator
    ) -> Design? {
        var candidates = pool.table.evaluate(material.predicate)
        if !holds {
            var rest = BitSet(allOf: pool.count)
            rest.subtract(candidates)
            if let game = material.firing.randomElement(using: &generator), let last = game.last,
                pool.table.contains(.justPlayed(last))
            {
                var alike = pool.table.evaluate(Conjunction([Literal(.justPlayed(last))]))
                alike.formIntersection(rest)
                alike.formIntersection(pool.usable)
                if alike.population > 8 { rest = alike }
            }
            candidates = rest
        }
        candidates.formIntersection(pool.usable)
        return draw(from: candidates, material, &generator).map {
            Design(
                moves: $0, role: holds ? .positive : .negative,
                note: holds ? "a fresh game on which it holds" : "a fresh game on which it fails")
        }
    }

    private func rival(
        _ turn: Int, _ material: Material, _ generator: inout SeededGenerator
    ) -> Design? {
        guard !material.rivals.isEmpty else { return nil }
        var candidates = pool.table.evaluate(material.rivals[turn % material.rivals.count])
        candidates.subtract(pool.table.evaluate(material.predicate))
        candidates.formIntersection(pool.usable)
        return draw(from: candidates, material, &generator).map {
            Design(moves: $0, role: .rival, note: "a rival holds and this does not")
        }
    }

    private func draw(
        from candidates: BitSet, _ material: Material, _ generator: inout SeededGenerator
    ) -> [Square]? {
        let members = candidates.members
        guard !members.isEmpty else { return nil }
        for _ in 0..<16 {
            let moves = pool.moves(to: members[generator.below(members.count)])
            if isFree(moves, material) { return moves }
        }
        return nil
    }

    /// The game nearest to one on which the hypothesis holds and the feature fires, with one literal
    /// broken.
    private func nearMiss(
        _ turn: Int, _ material: Material, _ generator: inout SeededGenerator
    ) -> Design? {
        for base in bases(material.firing, &generator) {
            guard let before = observe(base) else { continue }
            guard let facet = material.predicate.facets.first(where: { $0.holds(in: before) })
            else { continue }
            let literal = facet.literals[turn % facet.literals.count]
            let best = nearest(base, before, material) { after in
                !material.predicate.holds(in: after) && !literal.holds(in: after)
            }
            guard let best else { continue }
            let broken = literal.property.sentence(on: rules, negated: literal.negated)
            return Design(moves: best, role: .nearMiss, note: "breaks: \(broken)")
        }
        return nil
    }

    private func paraphrase(
        _ material: Material, far: Bool, _ generator: inout SeededGenerator
    ) -> Design? {
        for base in bases(material.firing, &generator) {
            guard let before = observe(base), material.predicate.holds(in: before),
                let moves = nearest(
                    base, before, material, far: far, accept: material.predicate.holds(in:))
            else { continue }
            return Design(
                moves: moves, role: .paraphrase,
                note: far ? "holds still, much of the board changed" : "holds still, little changed"
            )
        }
        return nil
    }

    private func enabled(_ material: Material, _ generator: inout SeededGenerator) -> Design? {
        for base in bases(material.silent, &generator) {
            guard let before = observe(base), !material.predicate.holds(in: before),
                let moves = nearest(base, before, material, accept: material.predicate.holds(in:))
            else { continue }
            return Design(
                moves: moves, role: .positive, note: "a silent game, edited so that it holds")
        }
        return nil
    }

    private func bases(
        _ games: [[Square]], _ generator: inout SeededGenerator
    ) -> [[Square]] {
        guard !games.isEmpty else { return [] }
        return generator.sample(min(24, games.count), of: games.count).map { games[$0] }
    }

    /// The free neighbour of `base` that satisfies `accept` with the least change of the board.
    private func nearest(
        _ base: [Square], _ before: Observation, _ material: Material, far: Bool = false,
        accept: (Observation) -> Bool
    ) -> [Square]? {
        var best: (moves: [Square], distance: Int)?
        for neighbour in GameEdits.neighbours(of: base, on: rules) {
            let after = Observation(neighbour.position, on: rules)
            guard accept(after) else { continue }
            let change = GameEdits.distance(before, after)
            let distance = far ? -change : change
            if distance < best?.distance ?? .max, isFree(neighbour.moves, material) {
                best = (neighbour.moves, distance)
            }
        }
        return best?.moves
    }

    private func isFree(_ moves: [Square], _ material: Material) -> Bool {
        moves.count <= context && heldOut.position(after: moves) == nil
            && !material.used.contains(rules.transcript(moves))
    }

    private func observe(_ moves: [Square]) -> Observation? {
        (try? rules.position(after: moves)).map { Observation($0, on: rules) }
    }
}

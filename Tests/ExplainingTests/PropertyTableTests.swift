import Games
import LinearAlgebra
import Testing

@testable import Explaining

@Suite struct PropertyTableTests {
    private static let rules = Othello.sixBySix

    private static func observations(_ seed: UInt64, _ count: Int) throws -> [Observation] {
        var generator = SeededGenerator(seed: seed)
        return try (0..<count).map { _ in
            let game = rules.randomGame(using: &generator)
            let moves = Array(game.prefix(1 + generator.below(game.count)))
            return Observation(try rules.position(after: moves), on: rules)
        }
    }

    private static func predicate(_ generator: inout SeededGenerator) -> BoardPredicate? {
        let catalogue = BoardProperty.catalogue(for: rules)
        let facets = 1 + generator.below(3)
        return BoardPredicate(
            (0..<facets).map { _ in
                let literals = 1 + generator.below(4)
                return Conjunction(
                    (0..<literals).map { _ in
                        Literal(
                            catalogue[generator.below(catalogue.count)],
                            negated: generator.below(2) == 0)
                    })
            })
    }

    @Test(arguments: UInt64(0)..<30) func evaluatesAsOneByOne(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed, stream: 1)
        let observations = try Self.observations(seed, 1 + generator.below(200))
        let table = PropertyTable(
            observations, properties: BoardProperty.catalogue(for: Self.rules))
        for _ in 0..<20 {
            let predicate = try #require(Self.predicate(&generator))
            let mask = table.evaluate(predicate)
            let slow = observations.indices.filter { predicate.holds(in: observations[$0]) }
            #expect(mask.members == slow)
            #expect(mask.population == slow.count)
        }
    }

    @Test(arguments: UInt64(0)..<50) func formulasRoundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed, stream: 2)
        let predicate = try #require(Self.predicate(&generator))
        let formula = predicate.formula(on: Self.rules)
        #expect(try BoardPredicate.parse(formula, on: Self.rules) == predicate)
    }

    @Test(arguments: ["", "|", "mine(A1) &", "mine(Z9)", "mine(A1) || empty(A2)", "!"])
    func refusesWhatIsNoFormula(_ text: String) {
        #expect(throws: GameError.self) { try BoardPredicate.parse(text, on: Self.rules) }
    }

    @Test(arguments: UInt64(0)..<10) func scoresEvidenceAsCountedOneByOne(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed, stream: 3)
        var evidence = Evidence()
        for group in Evidence.Group.allCases {
            let count = 5 + generator.below(90)
            for observation in try Self.observations(seed &+ UInt64(group.rawValue), count) {
                evidence.add(observation, to: group)
            }
        }
        let weights = EvidenceWeights(firingProbes: 0.3, silentProbes: 0.5)
        let table = EvidenceTable(
            evidence, properties: BoardProperty.catalogue(for: Self.rules), weights: weights)
        for _ in 0..<10 {
            let predicate = try #require(Self.predicate(&generator))
            func share(_ group: Evidence.Group) -> Double {
                let members = evidence[group]
                return Double(members.count { predicate.holds(in: $0) }) / Double(members.count)
            }
            let sensitivity = 0.7 * share(.exemplar) + 0.3 * share(.firingProbe)
            let alarms = 0.5 * share(.background) + 0.5 * share(.silentProbe)
            #expect(abs(table.score(predicate) - (0.5 * sensitivity + 0.5 * (1 - alarms))) < 1e-12)
        }
    }
}

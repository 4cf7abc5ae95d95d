import Games
import Inquiry
import Testing

@testable import Explaining

@Suite struct CorpusTests {
    @Test func noInputIsInTwoSplits() throws {
        let corpus = try GameCorpus(rules: .sixBySix, count: 300, context: 31, seed: 5)
        var seen: Set<String> = []
        var count = 0
        for pool in [corpus.propose, corpus.tune, corpus.heldOut, corpus.probes] {
            for position in pool.usable.members {
                seen.insert(pool.transcript(of: position))
                count += 1
            }
        }
        #expect(seen.count == count)
        let sizes = [corpus.propose, corpus.tune, corpus.heldOut].map(\.games.count)
        #expect(sizes.reduce(0, +) == 300)
        #expect(sizes.allSatisfy { $0 > 60 })
    }

    @Test func theSameSeedDealsTheSameGames() throws {
        let one = try GameCorpus(rules: .sixBySix, count: 100, context: 31, seed: 5)
        let two = try GameCorpus(rules: .sixBySix, count: 100, context: 31, seed: 5)
        let other = try GameCorpus(rules: .sixBySix, count: 100, context: 31, seed: 6)
        #expect(one.heldOut.digest == two.heldOut.digest)
        #expect(one.heldOut.digest != other.heldOut.digest)
    }

    @Test func findsPositionsByTheirMoves() throws {
        let pool = try GameCorpus(rules: .sixBySix, count: 60, context: 31, seed: 5).propose
        for position in pool.usable.members {
            #expect(pool.position(after: pool.moves(to: position)) == position)
        }
        #expect(pool.position(after: []) == nil)
    }

    @Test func readsListsOfFeatures() throws {
        #expect(try FeatureRequest.parse("3,17,5-8,6") == .list([3, 17, 5, 6, 7, 8]))
        for wrong in ["", "x", "8-5", "-3", "1,,2", "1-2-3", "9999999999999999999"] {
            #expect(throws: ExplainError.badFeatureList(wrong)) { try FeatureRequest.parse(wrong) }
        }
    }

    @Test func featureNamesRoundTrip() {
        for feature in [Feature.latent(3), .shuffled(latent: 4, replicate: 2), .direction(0)] {
            #expect(Feature(name: feature.name) == feature)
        }
        #expect(Feature(name: "latent x") == nil)
    }
}

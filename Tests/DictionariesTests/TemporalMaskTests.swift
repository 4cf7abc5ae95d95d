import Foundation
import LinearAlgebra
import Testing

@testable import Dictionaries

@Suite struct TemporalMaskTests {
    /// A mask over latents that act alike, but for how much the first `weak` matter.
    private func mask(weak: Int, of count: Int, seed: UInt64 = 1) -> TemporalMask {
        var mask = TemporalMask(
            TemporalMasking(), latentCount: count, stepCount: 1_000, seed: seed)
        for step in 0..<200 {
            mask.begin(step)
            mask.note(
                (0..<count).map {
                    var use = LatentUse()
                    use.add($0 < weak ? 0.1 : 1, likeness: 0)
                    return use
                }, rows: 10)
        }
        return mask
    }

    @Test func masksNothing_duringTheWarmUp() {
        var mask = mask(weak: 50, of: 100)
        for step in 0..<mask.warmUp {
            mask.begin(step)
            #expect(mask.masked.allSatisfy { !$0 })
        }
        #expect(mask.warmUp == 100)
    }

    @Test func masksOnlyWhatMattersLessThanTheThreshold() {
        var mask = mask(weak: 50, of: 100)
        var hits = [Int](repeating: 0, count: 100)
        for step in 200..<2_200 {
            mask.begin(step)
            for latent in 0..<100 where mask.isMasked(latent) { hits[latent] += 1 }
        }
        #expect(hits[50...].allSatisfy { $0 == 0 })
        // The first and last averages of a weak latent are 0.1 and 0.01 of a strong one's, its frequency
        // is the same.
        let importance = (0.1 / 0.55 + 1 + 0.01 / 0.505) / 3
        let expected = 1 - exp(-(1 - importance))
        #expect(abs(mask.probabilities[0] - expected) < 1e-6)
        for hit in hits[..<50] { #expect(abs(Double(hit) / 2_000 - expected) < 0.05) }
    }

    @Test func hasImportancesOfMeanOne() {
        let mask = mask(weak: 30, of: 70)
        #expect(abs(mask.importance.reduce(0, +) / 70 - 1) < 1e-9)
    }

    @Test func masksNothing_whenNoLatentWasEverActive() {
        var mask = TemporalMask(TemporalMasking(), latentCount: 5, stepCount: 10, seed: 1)
        mask.note([LatentUse](repeating: LatentUse(), count: 5), rows: 3)
        mask.begin(9)
        #expect(mask.masked == [Bool](repeating: false, count: 5))
    }

    @Test func keepsTheAveragesOfWhatIsMasked() {
        var mask = mask(weak: 50, of: 100)
        mask.begin(500)
        let before = mask.averages
        mask.note([LatentUse](repeating: LatentUse(), count: 100), rows: 10)
        for latent in 0..<100 {
            let stands = mask.averages[0][latent] == before[0][latent]
            #expect(stands == mask.isMasked(latent))
        }
        #expect(mask.masked.contains(true))
    }

    @Test func drawsTheSame_afterItWasRestored() throws {
        var mask = mask(weak: 50, of: 100, seed: .max)
        var state = TrainerState(kind: "any")
        mask.save(in: &state)
        var other = TemporalMask(
            TemporalMasking(), latentCount: 100, stepCount: 1_000, seed: 2)
        try other.restore(from: state)
        for step in 200..<220 {
            mask.begin(step)
            other.begin(step)
            #expect(mask.masked == other.masked)
        }
        var small = TemporalMask(TemporalMasking(), latentCount: 9, stepCount: 1_000, seed: 2)
        #expect(throws: DictionaryError.self) { try small.restore(from: state) }
    }

    @Test func countsAsContributionWhatLeavingALatentOutCosts() {
        var generator = SeededGenerator(seed: 3)
        func row() -> [Double] { (0..<8).map { _ in generator.normal() } }
        let (error, direction, f) = (row(), row(), 1.5)
        func square(_ row: [Double]) -> Double { row.reduce(0) { $0 + $1 * $1 } }
        var use = LatentUse()
        use.add(
            Float(f), likeness: Float(zip(error, direction).reduce(0) { $0 + $1.0 * $1.1 }),
            square: Float(square(direction)))
        // error is x̂ − x; without the latent it is less by f w.
        let cost = square(zip(error, direction).map { $0 - f * $1 }) - square(error)
        #expect(abs(Double(use.contribution) - cost) < 1e-4)
    }

    @Test(arguments: [-0.1, 1.5, .nan]) func refusesAShare_whenItIsNone(share: Double) {
        var masking = TemporalMasking()
        masking.warmUpShare = share
        #expect(throws: DictionaryError.self) { try masking.check() }
    }
}

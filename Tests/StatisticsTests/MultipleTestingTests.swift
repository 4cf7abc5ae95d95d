import LinearAlgebra
import Statistics
import Testing

@Suite struct MultipleTestingTests {
    @Test func matchesScipy() throws {
        for row in try Reference.load().adjusted {
            let p = row.pValues
            #expect(
                agree(MultipleTesting.benjaminiHochberg(p), row.benjaminiHochberg, tolerance: 1e-12)
            )
            #expect(
                agree(
                    MultipleTesting.benjaminiYekutieli(p), row.benjaminiYekutieli, tolerance: 1e-12)
            )
            #expect(agree(MultipleTesting.holm(p), row.holm, tolerance: 1e-12))
        }
    }

    @Test func noHypothesesGiveNoValues() {
        #expect(MultipleTesting.benjaminiHochberg([]).isEmpty)
        #expect(MultipleTesting.benjaminiYekutieli([]).isEmpty)
        #expect(MultipleTesting.holm([]).isEmpty)
    }

    @Test(arguments: UInt64(0)..<50) func neverFallsBelowThePValue(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let p = (0..<20).map { _ in generator.unit() * generator.unit() }
        for procedure in [
            MultipleTesting.benjaminiHochberg, MultipleTesting.benjaminiYekutieli,
            MultipleTesting.holm,
        ] {
            for (raw, adjusted) in zip(p, procedure(p)) {
                #expect(adjusted >= raw && adjusted <= 1)
            }
        }
    }
}

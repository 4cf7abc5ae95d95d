import LinearAlgebra
import Subjects
import Testing

@testable import Dictionaries

@Suite struct ConceptMeasurementTests {
    @Test(arguments: UInt64(0)..<3) func plantedLatentsTellTheirPropertiesAndNoOthers(
        seed: UInt64
    ) throws {
        let planted = PlantedEvaluation(seed: seed, games: 30)
        let result = try planted.evaluation().measure(planted.dictionary)
        let value = { (figure: EvaluationFigure) in result[figure]?.value ?? .nan }
        #expect(value(.sparseProbingOne) > 0.9)
        #expect(value(.sparseProbingFive) > 0.9)
        #expect(value(.targetedPerturbation) > 0.15)
        #expect(value(.absorption) < 0.1)
        for figure in [EvaluationFigure.sparseProbingTwo, .targetedPerturbation, .absorption] {
            let estimate = try #require(result[figure])
            #expect(estimate.interval?.contains(estimate.value) == true)
        }
    }

    /// Two properties; where both hold a third latent takes the place of the first's.
    @Test func seesALatentThatSpeaksForAnother() {
        let both = [(true, true), (true, false), (false, true), (true, true), (true, false)]
        let sparse = both.map { pair in
            switch pair {
            case (true, true): SparseRow(indices: [2], values: [1])
            case (true, false): SparseRow(indices: [0], values: [1])
            default: SparseRow(indices: [1], values: [1])
            }
        }
        let rows = EvaluationRows(
            values: Matrix(both.map { [$0.0 ? 1 : 0, $0.1 ? 1 : 0] }),
            properties: PropertyBits(names: ["a", "b"], rowCount: 5) { property, row in
                property == 0 ? both[row].0 : both[row].1
            }, groups: [0, 0, 1, 1, 2])
        let effects = Matrix([[1, 0], [0, 1], [1, 1]])
        let odds = Matrix(both.map { [$0.0 ? 0.5 : -0.5, $0.1 ? 0.5 : -0.5] })
        let absorption = Absorption(
            test: LatentTable(sparse, latentCount: 3), rows: rows, properties: [0, 1],
            main: [[0], [1]], effects: effects, cosines: effects, projections: rows.values,
            odds: odds)
        let sums = absorption.groups.reduce([0.0, 0, 0, 0]) { zip($0, $1).map(+) }
        // Of a's four rows two are absorbed, and of b's three two.
        #expect(sums == [2, 4, 2, 3])
        #expect(Absorption.rate(sums) == (0.5 + 2.0 / 3) / 2)
    }

    @Test func takingLatentsAwayHarmsTheirOwnProbeAlone() {
        let holds = [(true, false), (false, true), (true, true), (false, false)]
        let sparse = holds.map { pair in
            SparseRow(
                indices: (pair.0 ? [0] : []) + (pair.1 ? [1] : []),
                values: (pair.0 ? [2] : []) + (pair.1 ? [2] : []))
        }
        let table = LatentTable(sparse, latentCount: 2)
        let rows = EvaluationRows(
            values: Matrix(holds.map { [$0.0 ? 2 : 0, $0.1 ? 2 : 0] }),
            properties: PropertyBits(names: ["a", "b"], rowCount: 4) { property, row in
                property == 0 ? holds[row].0 : holds[row].1
            }, groups: [0, 1, 2, 3])
        let odds = Matrix(holds.map { [$0.0 ? 1 : -1, $0.1 ? 1 : -1] })
        let perturbation = TargetedPerturbation(
            training: table, trainingTruth: rows.properties, test: table, rows: rows,
            properties: [0, 1], effects: Matrix([[1, 0], [0, 1]]), odds: odds, latents: 1)
        let sums = perturbation.groups.dropFirst().reduce(perturbation.groups[0]) {
            zip($0, $1).map(+)
        }
        // Without its latent a probe says no always: it loses half of its balanced accuracy.
        #expect(perturbation.score(sums) == 0.5)
    }
}

@Suite struct SpuriousCorrelationTests {
    /// A probe that went by both properties in equal parts also needs the half that is taken from it: what
    /// is won back may be less than nothing, and is never more than all.
    @Test(arguments: UInt64(0)..<4) func isMeasuredWithAnInterval(seed: UInt64) throws {
        let planted = PlantedEvaluation(seed: seed, games: 40, noise: 0.3)
        var settings = DictionaryEvaluation.Settings()
        settings.resampling.replicates = 50
        settings.perturbedLatents = 1
        settings.spuriousPair = SpuriousPair(target: "p0", spurious: "p1")
        let evaluation = try DictionaryEvaluation(
            training: planted.training, test: planted.test, place: "planted rows",
            settings: settings)
        let removal = try #require(try evaluation.measure(planted.dictionary)[.spuriousRemoval])
        #expect(removal.value < 1.2 && removal.value != 0)
        #expect(removal.interval?.contains(removal.value) == true)
    }

    /// Four rows of each case; the probe is right in 2, 4, 0 and 2, without the latents in 3, 4, 1 and 3, and
    /// one of all rows always.
    @Test func isTheShareOfTheCostThatIsWonBack() throws {
        let sums: [Double] = [4, 2, 3, 4, 4, 4, 4, 4, 4, 0, 1, 4, 4, 2, 3, 4]
        let score = try #require(SpuriousCorrelation.score(sums))
        #expect(abs(score - (11.0 - 8) / (16 - 8)) < 1e-12)
        #expect(SpuriousCorrelation.score([4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]) == nil)
    }

    @Test func refusesPairs_whenThereIsNoSuchProperty() throws {
        let planted = PlantedEvaluation(seed: 1)
        var settings = DictionaryEvaluation.Settings()
        settings.resampling.replicates = 5
        settings.spuriousPair = SpuriousPair(target: "p0", spurious: "q")
        let evaluation = try DictionaryEvaluation(
            training: planted.training, test: planted.test, place: "planted rows",
            settings: settings)
        do {
            _ = try evaluation.measure(planted.dictionary)
            Issue.record("a pair without a property was taken")
        } catch {
            #expect("\(error)".contains("no property \"q\""))
        }
    }
}

import LinearAlgebra
import Testing

@testable import Dictionaries

@Suite struct SharedStreamTests {
    private func training(
        _ plans: [TrainingPlan], _ source: PlantedSource = PlantedSource()
    ) throws -> DictionaryTraining {
        try DictionaryTraining(source: source, plans: plans)
    }

    private static let plans: [TrainingPlan] = {
        var wide = shortPlan(.topK(k: 5))
        wide.latentCount = 64
        var other = shortPlan()
        other.weightSeed = 7
        other.learningRate = 0.01
        return [shortPlan(), wide, other]
    }()

    @Test func eachDictionaryComesOutAsIfItWereAlone() throws {
        let together = try training(Self.plans).run()
        #expect(together.count == 3)
        for (plan, dictionary) in zip(Self.plans, together) {
            #expect(bits(dictionary) == bits(try training([plan]).run()[0]))
            #expect(dictionary.plan == plan)
        }
        #expect(bits(together[0]) != bits(together[2]))
    }

    @Test func reportsEachDictionary() throws {
        var counts: Set<Int> = []
        _ = try training(Self.plans).run { progress in
            counts.insert(progress.dictionaries.count)
            return .goOn
        }
        #expect(counts == [3])
    }

    @Test func refusesPlansOfDifferentStreams() throws {
        let changes: [(inout TrainingPlan) -> Void] = [
            { $0.tokens = 5_000 }, { $0.batchSize = 50 }, { $0.seed = 2 }, { $0.normLimit = 10 },
            { $0.whitening = .original }, { $0.centre = .median }, { $0.heldOutShare = 0.2 },
            { $0.positions = [0...1] }, { $0.poolByteLimit = 2 << 20 },
        ]
        for change in changes {
            var other = shortPlan()
            change(&other)
            #expect(
                message { _ = try training([shortPlan(), other]) }.hasPrefix("plan 2 wants other"))
        }
    }

    @Test func leavesLongRowsOut() throws {
        var plan = shortPlan()
        let plain = PlantedSource()
        let rough = PlantedSource(long: 10)
        let clean = try training([plan], plain).run()[0].quality.explainedVariance
        let disturbed = try training([plan], rough).run()[0]
        plan.normLimit = 5
        let limited = try training([plan], rough).run()[0]
        #expect(limited.quality.tokens == 360)
        #expect(disturbed.quality.tokens == 400)
        #expect(abs(limited.quality.explainedVariance - clean) < 0.05)
    }

    @Test func refusesRowsThatAreAllTooLong_sameOrNotFinite() throws {
        func refusal(_ value: @escaping (Int) -> Float) -> String {
            message {
                _ = try training([shortPlan()], PlantedSource(replacingBy: value)).run()
            }
        }
        #expect(refusal { _ in 1 }.contains("they are all the same"))
        #expect(refusal { $0 == 40_001 ? .nan : Float($0 % 7) }.contains("no finite numbers"))
        #expect(refusal { $0 == 40_001 ? .infinity : Float($0 % 7) }.contains("no finite numbers"))
    }

    @Test func beginsAtTheGeometricMedian() throws {
        var plan = shortPlan()
        let source = PlantedSource(long: 10)
        func preparation() throws -> RowPreparation {
            let pool = try ActivationPool(source, byteLimit: 1 << 20, seed: 1)
            return try RowPreparation(fitting: pool, of: source, plan)
        }
        let mean = try preparation()
        plan.centre = .median
        let median = try preparation()
        #expect(mean.scale == median.scale)
        let table = try #require(source.parts[.training])
        func distances(_ point: [Float]) -> Double {
            var total = 0.0
            for r in 0..<table.rows {
                var square: Float = 0
                for (x, middle) in zip(table.row(r), point) {
                    let difference = x * mean.scale - middle
                    square += difference * difference
                }
                total += Double(square).squareRoot()
            }
            return total
        }
        let least = distances(median.centre)
        #expect(least < distances(mean.centre))
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20 {
            #expect(least < distances(median.centre.map { $0 + Float(0.05 * generator.normal()) }))
        }
    }

    @Test func saysWhatItWillTake() throws {
        let one = try training([shortPlan()]).estimate()
        let three = try training(Self.plans).estimate()
        #expect(one.flop > 0 && three.flop > 2 * one.flop)
        #expect(one.flopPerSecond > 1e8)
        #expect(one.seconds > 0 && one.seconds < 60)
        #expect(one.memoryBytes >= 4 * 16 * 3_000)
        // Two tables of weights; three files of weights and both moments.
        #expect(one.diskBytes == 4 * 2 * 40 * 16 * 10)
    }
}

extension PlantedSource {
    /// Rows whose elements are what a function makes of their numbers.
    init(replacingBy value: (Int) -> Float) {
        width = 16
        threads = 1
        length = 25
        func table(_ rows: Int) -> Matrix {
            Matrix(rows: rows, columns: 16, storage: (0..<rows * 16).map(value))
        }
        parts = [.training: table(3_000), .heldOut: table(400)]
    }
}

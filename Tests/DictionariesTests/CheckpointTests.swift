import Digests
import Foundation
import LinearAlgebra
import SubjectMaterial
import Testing

@testable import Dictionaries

@Suite struct CheckpointTests {
    private let scratch: TemporaryFolder
    private var path: String { scratch.path + "/sae.partial" }

    init() throws { scratch = try TemporaryFolder() }

    private func folder(
        resumes: Bool = true, every steps: Int = 7
    ) throws -> CheckpointFolder {
        try CheckpointFolder(path: path, interval: .steps(steps), resumes: resumes)
    }

    /// Plans with all that a stream may keep, the pool far smaller than the data in the last.
    private static let plans: [TrainingPlan] = {
        var whitened = shortPlan()
        whitened.whitening = .original
        whitened.normLimit = 5
        whitened.centre = .median
        var masked = shortPlan()
        masked.clipping = 1
        masked.masking = TemporalMasking()
        var standard = shortPlan(.standard(.init(coefficient: 0.5, finalPower: 0.5)))
        standard.resampling = Resampling(interval: 9)
        standard.clipping = 1
        return [
            shortPlan(), whitened, masked, standard, shortPlan(.gated(.init(coefficient: 0.5))),
            shortPlan(.batchTopK(k: 3)), shortPlan(.matryoshka(k: 3, prefixes: [8, 40])),
            shortPlan(.jumpReLU(.init(activeLatents: 3))),
        ]
    }()

    /// About 20,000 rows: the smallest pool holds four fifths of them.
    private static let source = PlantedSource(rows: 20_000, long: 50)

    @Test(arguments: 0..<8) func goesOnToTheSameBytes_whereverItWasStopped(index: Int) throws {
        let plan = Self.plans[index]
        var second = plan
        second.architecture = .topK(k: 2)
        second.resampling = nil
        second.latentCount = 24
        let training = try DictionaryTraining(source: Self.source, plans: [plan, second])
        let whole = try training.run().map(bits)
        var generator = SeededGenerator(seed: UInt64(index))
        var last = 0
        for _ in 0..<4 {
            let stop = last + 1 + generator.below(12)
            #expect(
                message {
                    _ = try training.run(checkpoints: folder()) {
                        $0.step == stop ? .stop : .goOn
                    }
                }.contains("stopped after step \(stop), which"))
            last = stop
        }
        // A second process may go on with other threads.
        let other = PlantedSource(rows: 20_000, long: 50, threads: 3)
        let resumed = try DictionaryTraining(source: other, plans: [plan, second])
        var first: Int?
        let result = try resumed.run(checkpoints: folder()) {
            first = first ?? $0.step
            return .goOn
        }
        #expect(first == last + 1)
        #expect(result.map(bits) == whole)
    }

    @Test func goesOnToTheSameBytes_whenThePoolIsRefilled() throws {
        var plan = shortPlan()
        plan.tokens = 60_000
        plan.batchSize = 1_000
        let training = try DictionaryTraining(source: Self.source, plans: [plan])
        let whole = try bits(training.run()[0])
        for stop in [15, 16, 17, 33, 59] {
            _ = message {
                _ = try training.run(checkpoints: folder(every: 1000)) {
                    $0.step == stop ? .stop : .goOn
                }
            }
        }
        #expect(try bits(training.run(checkpoints: folder())[0]) == whole)
    }

    private func stopped(at step: Int, _ plan: TrainingPlan = shortPlan()) throws {
        let training = try DictionaryTraining(source: PlantedSource(), plans: [plan])
        _ = message {
            _ = try training.run(checkpoints: folder()) { $0.step == step ? .stop : .goOn }
        }
    }

    private var files: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { $0 != "lock" }.sorted()
        }
    }

    @Test func keepsTheLastTwo() throws {
        try stopped(at: 30)
        #expect(try files == ["step-000000000028.checkpoint", "step-000000000030.checkpoint"])
    }

    @Test func goesOnFromTheOneBefore_whenTheLastIsDamaged() throws {
        let training = try DictionaryTraining(source: PlantedSource(), plans: [shortPlan()])
        let whole = try bits(training.run()[0])
        try stopped(at: 30)
        let file = path + "/step-000000000030.checkpoint"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
        var first: Int?
        let result = try training.run(checkpoints: folder()) {
            first = first ?? $0.step
            return .goOn
        }
        #expect(first == 29)
        #expect(bits(result[0]) == whole)
    }

    @Test func refuses_whenNoneIsWhole() throws {
        try stopped(at: 30)
        for name in try files { try scratch.write("sae.partial/" + name, "CJTRCHK1") }
        let text = message { try stoppedError() }
        #expect(text.contains("is no checkpoint of a training"))
    }

    private func stoppedError(_ plan: TrainingPlan = shortPlan()) throws {
        let training = try DictionaryTraining(source: PlantedSource(), plans: [plan])
        _ = try training.run(checkpoints: folder())
    }

    @Test func refusesAnotherTraining() throws {
        try stopped(at: 10)
        var other = shortPlan()
        other.seed = 2
        #expect(message { try stoppedError(other) }.contains("was begun with"))
    }

    @Test func refusesToBeginWhereOneIsUnfinished_orRuns() throws {
        try stopped(at: 10)
        #expect(message { _ = try folder(resumes: false) }.contains("--resume"))
        let held = try folder()
        #expect(message { _ = try folder() }.contains("in use by another process"))
        #expect(held.path == path)
    }

    @Test func keepsTheLastGoodCheckpoint_whenTheLossIsNoNumber() throws {
        var plan = shortPlan()
        plan.tokens = 40_000
        let broken = BreakingSource(after: 3)
        let training = try DictionaryTraining(source: broken, plans: [plan])
        plan.tokens = 6_000
        let text = message { _ = try training.run(checkpoints: folder()) }
        #expect(text.contains("no finite numbers"))
        #expect(try files.count == 2)
    }

    /// No byte of a file may lead past its end or to a crash.
    @Test(arguments: UInt64(1)...40) func refusesAnyDamage(seed: UInt64) throws {
        try stopped(at: 10)
        let name = try #require(try files.last)
        for other in try files where other != name {
            try FileManager.default.removeItem(atPath: path + "/" + other)
        }
        let file = URL(fileURLWithPath: path + "/" + name)
        var bytes = [UInt8](try Data(contentsOf: file))
        var generator = SeededGenerator(seed: seed)
        if seed % 2 == 0 {
            bytes.removeLast(1 + generator.below(bytes.count - 1))
        } else {
            bytes[generator.below(bytes.count)] ^= UInt8(1 + generator.below(255))
        }
        try Data(bytes).write(to: file)
        #expect(throws: DictionaryError.self) { try stoppedError() }
    }
}

/// A source that gives a NaN from its so manieth measurement on.
private final class BreakingSource: ActivationSource, @unchecked Sendable {
    // Sendable because a training measures on one thread.
    private let good = PlantedSource(rows: 20_000)
    private var left: Int
    let threads = 1
    var width: Int { good.width }
    var facts: SourceFacts { good.facts }

    init(after count: Int) { left = count }

    func pieces(of part: DataPart) -> ActivationPieces { good.pieces(of: part) }
    func identity() -> Digest { good.identity() }

    func forEachRow(
        of part: DataPart, _ pieces: ArraySlice<Int>, _ body: (UnsafeBufferPointer<Float>) -> Void
    ) throws(DictionaryError) {
        left -= 1
        guard left < 0 else { return try good.forEachRow(of: part, pieces, body) }
        let row = [Float](repeating: .nan, count: width)
        row.withUnsafeBufferPointer { row in
            for _ in pieces { body(row) }
        }
    }
}

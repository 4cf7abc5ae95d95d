import Exemplars
import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

@testable import Dictionaries

/// A decoder of random weights and a corpus of random text.
@Suite struct DictionaryTrainingTests {
    private let model: TemporaryFolder
    private let folder: TemporaryFolder
    private let corpus: Corpus

    init() throws {
        model = try RandomDecoder.write(width: 32, layers: 2, heads: 4, contextLength: 64)
        folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 5)
        let documents = (0..<60).map { _ in RandomText.paragraph(words: 40, &generator) }
        corpus = try Corpus(
            paths: [folder.write("corpus.txt", documents.joined(separator: "\n\n"))])
    }

    private static let plan: TrainingPlan = {
        var plan = TrainingPlan(
            latentCount: 48, architecture: .topK(k: 4), tokens: 8_000, batchSize: 200,
            contextLength: 32,
            heldOutShare: 0.2)
        plan.deadAfter = 1_000
        return plan
    }()

    private func training(
        _ plan: TrainingPlan = plan, hook: String = "blocks.0.hook_resid_post", threads: Int = 1
    ) throws -> DictionaryTraining {
        try DictionaryTraining(source: source(plan, hook: hook, threads: threads), plans: [plan])
    }

    private func source(
        _ plan: TrainingPlan, hook: String = "blocks.0.hook_resid_post", threads: Int = 1
    ) throws -> TextActivations {
        try TextActivations(
            model: model.path, hook: hook, corpus: corpus, plan: plan, threads: threads)
    }

    private func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    @Test func writesWhatIsReadBackWithTheSameEncodings() throws {
        let trained = try training().run()[0]
        let path = folder.path + "/sae"
        try trained.write(to: path)
        let published = try PublishedAutoencoder(path: path)
        #expect(published.format == .saeLens)
        let read = published.autoencoder
        #expect(read.origin == trained.origin)
        #expect(read.architecture == .topK(k: 4))
        let own = SparseAutoencoder(
            trained.weights, architecture: .topK(k: 4), origin: trained.origin)
        var generator = SeededGenerator(seed: 6)
        let rows = Matrix(
            rows: 50, columns: 32, storage: (0..<1600).map { _ in Float(generator.normal()) })
        #expect(try read.encode(rows) == own.encode(rows))
        #expect(try read.reconstruct(rows) == own.reconstruct(rows))
    }

    @Test func explainsMostOfTheActivations() throws {
        let trained = try training().run()[0]
        #expect(trained.quality.explainedVariance > 0.4)
        #expect(trained.quality.activeLatents <= 4)
        #expect(trained.quality.tokens > 500)
        #expect(trained.liveLatents > 24)
    }

    @Test func writesTheSameBytes_withAnyNumberOfThreads() throws {
        for threads in 1...3 {
            try training(threads: threads).run()[0].write(to: folder.path + "/sae-\(threads)")
        }
        for file in ["cfg.json", "sae_weights.safetensors"] {
            let first = try bytes(folder.path + "/sae-1/" + file)
            #expect(try bytes(folder.path + "/sae-2/" + file) == first)
            #expect(try bytes(folder.path + "/sae-3/" + file) == first)
        }
        var other = Self.plan
        other.seed = 2
        try training(other).run()[0].write(to: folder.path + "/other")
        #expect(
            try bytes(folder.path + "/other/sae_weights.safetensors")
                != bytes(folder.path + "/sae-1/sae_weights.safetensors"))
    }

    @Test func givesEveryActivationOnce_whenTheyDoNotFitIntoMemory() throws {
        let source = try source(Self.plan)
        func firsts(byteLimit: Int) throws -> [Float] {
            let pool = try ActivationPool(source, byteLimit: byteLimit, seed: 1)
            let row = Matrix(rows: 1, columns: 32).storage
            var found: [Float] = []
            try row.withUnsafeBufferPointer { row in
                let base = UnsafeMutablePointer(mutating: try #require(row.baseAddress))
                for _ in 0..<source.pieces(of: .training).rowCount {
                    try pool.take(RowView(base, count: 1, width: 32))
                    found.append(base[0])
                }
            }
            return found
        }
        let (whole, parts) = (try firsts(byteLimit: 1 << 30), try firsts(byteLimit: 128 * 200))
        #expect(whole != parts)
        #expect(whole.sorted() == parts.sorted())
    }

    @Test func stops_whenItIsAsked() throws {
        let training = try training()
        let text = message { _ = try training.run { $0.step == 3 ? .stop : .goOn } }
        #expect(text == "stopped after step 3; nothing is written")
    }

    @Test func refusesPlansThatCannotBe() throws {
        func refusal(_ change: (inout TrainingPlan) -> Void) -> String {
            var plan = Self.plan
            change(&plan)
            return message { _ = try training(plan) }
        }
        #expect(
            refusal { $0.architecture = .topK(k: 49) }.contains(
                "from 1 to the number of latents, which is 48"))
        #expect(refusal { $0.latentCount = 0 }.hasPrefix("latents is 0"))
        #expect(refusal { $0.tokens = 100 }.contains("at least one batch, which is 200"))
        #expect(refusal { $0.heldOutShare = 0 }.hasPrefix("held-out is 0"))
        #expect(refusal { $0.learningRate = .nan }.hasPrefix("learning-rate is nan"))
        #expect(refusal { $0.contextLength = 65 }.contains("the model reads 64"))
        #expect(refusal { $0.normLimit = 0.5 }.contains("at least 1"))
        #expect(refusal { $0.positions = [] }.hasPrefix("positions is"))
        #expect(refusal { $0.batchSize = 8_000 }.contains("the corpus is too small"))
    }

    @Test func usesTheChosenPositionsOnly() throws {
        var plan = Self.plan
        plan.tokens = 800
        let all = try source(plan)
        plan.positions = [0...3, 9...9]
        let some = try source(plan)
        func rows(_ source: TextActivations, _ piece: Int) throws -> [[Float]] {
            var rows: [[Float]] = []
            try source.forEachRow(of: .heldOut, [piece]) { rows.append(Array($0)) }
            return rows
        }
        for piece in 0..<min(4, some.pieces(of: .heldOut).count) {
            let whole = try rows(all, piece)
            #expect(
                try rows(some, piece)
                    == whole.indices.filter { $0 < 4 || $0 == 9 }.map { whole[$0] })
        }
    }

    @Test func refusesAnUnknownHook() {
        let text = message { _ = try training(hook: "blocks.7.hook_resid_post") }
        #expect(text.contains("blocks.7.hook_resid_post"))
    }

    @Test func refusesToWriteWhereSomethingIs_orNothingCanBe() throws {
        let trained = try training().run()[0]
        let there = message { try trained.write(to: folder.path) }
        #expect(there.contains("is there already"))
        let inside = folder.path + "/corpus.txt/sae"
        #expect(message { try trained.write(to: inside) }.contains("cannot be written"))
    }

    @Test func staysFinite_whenTheRateIsFarTooGreat() throws {
        var plan = Self.plan
        plan.learningRate = 0.999
        #expect(try training(plan).run()[0].quality.explainedVariance.isFinite)
    }
}

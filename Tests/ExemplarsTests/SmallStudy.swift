import Exemplars
import Foundation
import Instruments
import LinearAlgebra
import SubjectMaterial

/// A small decoder and autoencoder of random weights, and a corpus; files that go with the object.
final class SmallStudy {
    let model: TemporaryFolder
    let autoencoder: TemporaryFolder
    let scratch: TemporaryFolder
    let corpusPath: String

    init(documents: Int = 60, latents: Int = 96, k: Int = 6) throws {
        model = try RandomDecoder.write(width: 32, layers: 2, heads: 4, contextLength: 64)
        autoencoder = try RandomAutoencoder.write(
            width: 32, latents: latents, k: k, hook: "blocks.1.hook_resid_post")
        scratch = try TemporaryFolder()
        var generator = SeededGenerator(seed: 5)
        var lines: [String] = []
        for document in 0..<documents {
            // Some documents come twice, one is empty.
            let text =
                document % 7 == 3
                ? "They went to the house. They went to the house."
                : document == 5
                    ? "" : RandomText.paragraph(words: 5 + generator.below(60), &generator)
            lines.append("{\"id\": \(document), \"text\": \"\(text)\"}")
        }
        corpusPath = try scratch.write("corpus.jsonl", lines.joined(separator: "\n") + "\n")
    }

    static let plan = ExemplarPlan(
        contextLength: 24, window: 10, topCount: 5, quantileCount: 4, perQuantile: 3,
        backgroundCount: 12, cofiringCount: 128, seed: 3)

    func subject(threads: Int = 1) throws -> TextSubject {
        try TextSubject(model: model.path, autoencoder: autoencoder.path, threads: threads)
    }

    func pass(
        _ name: String, plan: ExemplarPlan = SmallStudy.plan, threads: Int = 1,
        batchTokens: Int? = nil
    ) throws -> ExemplarPass {
        var pass = try ExemplarPass(
            subject: subject(threads: threads), corpus: Corpus(paths: [corpusPath]), plan: plan,
            store: "\(scratch.path)/\(name)")
        if let batchTokens { pass.limitBatch(to: batchTokens) }
        return pass
    }

    /// The bytes of a store's files.
    func bytes(_ name: String) throws -> [String: Data] {
        var result: [String: Data] = [:]
        let folder = "\(scratch.path)/\(name)"
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            result[file] = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
        }
        return result
    }

    func store(_ name: String) throws -> ExemplarStore {
        try ExemplarStore(path: "\(scratch.path)/\(name)")
    }
}

import Foundation
import JSON
import LinearAlgebra
import SubjectMaterial
import Testing

@Suite struct ExemplarsCommandTests {
    @Test func makesAStoreAndShowsALatent() async throws {
        let model = try RandomDecoder.write(width: 32, layers: 2, heads: 4, contextLength: 64)
        let autoencoder = try RandomAutoencoder.write(
            width: 32, latents: 48, k: 6, hook: "blocks.1.hook_resid_post")
        let scratch = try Scratch()
        var generator = SeededGenerator(seed: 1)
        let paragraphs = (0..<20).map { _ in RandomText.paragraph(words: 40, &generator) }
        try Data(paragraphs.joined(separator: "\n\n").utf8).write(
            to: scratch.folder.appendingPathComponent("corpus.txt"))
        let arguments = [
            "exemplars", model.path, autoencoder.path, "--corpus", "corpus.txt", "--out", "store",
            "--context-length", "32", "--json",
        ]
        let made = try await Program.run(arguments, in: scratch.folder)
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.errors.contains("will hold at most"))
        #expect(try JSONValue(parsing: made.output)["documents"]?.integer == 20)
        // Again: there is nothing left to do, and the answer is the same.
        let again = try await Program.run(arguments, in: scratch.folder)
        #expect(again.output == made.output)

        let shown = try await Program.run(
            ["exemplars", "show", "store", "7", "--verify"], in: scratch.folder)
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.output.contains("top contexts") && shown.output.contains("[["))
        let json = try await Program.run(
            ["exemplars", "show", "store", "7", "--json"], in: scratch.folder)
        #expect(try JSONValue(parsing: json.output)["top"]?.array?.isEmpty == false)

        let refused = try await Program.run(arguments + ["--seed", "2"], in: scratch.folder)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("another plan"))
    }
}

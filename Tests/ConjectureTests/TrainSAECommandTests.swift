import Foundation
import JSON
import LinearAlgebra
import SubjectMaterial
import Testing

@Suite struct TrainSAECommandTests {
    @Test func trainsADictionaryThatTheDoctorAccepts() async throws {
        let model = try RandomDecoder.write(width: 32, layers: 2, heads: 4, contextLength: 64)
        let scratch = try Scratch()
        var generator = SeededGenerator(seed: 1)
        let paragraphs = (0..<60).map { _ in RandomText.paragraph(words: 40, &generator) }
        try Data(paragraphs.joined(separator: "\n\n").utf8).write(
            to: scratch.folder.appendingPathComponent("corpus.txt"))
        let arguments = [
            "train-sae", model.path, "--corpus", "corpus.txt", "--hook",
            "blocks.0.hook_resid_post", "--latents", "48", "--k", "4", "--tokens", "6000",
            "--batch", "200", "--context-length", "32", "--out", "sae",
        ]
        let made = try await Program.run(arguments + ["--json"], in: scratch.folder)
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.errors.contains("step 30 of 30"))
        let result = try JSONValue(parsing: made.output)
        let explained = try #require(result["held_out"]?["explained_variance"]?.number)
        #expect(explained > 0.3 && explained < 1)

        let checked = try await Program.run(
            ["doctor", model.path, scratch.path("sae")], in: scratch.folder)
        #expect(checked.status == 0, "\(checked.output)")
        #expect(checked.output.contains("48 latents at blocks.0.hook_resid_post"))

        let again = try await Program.run(arguments, in: scratch.folder)
        #expect(again.status == 1)
        #expect(again.errors.contains("sae is there already"))
        let misfit = try await Program.run(
            arguments.map { $0 == "4" ? "49" : $0 == "sae" ? "other" : $0 }, in: scratch.folder)
        #expect(misfit.status == 1)
        #expect(misfit.errors.contains("the number of latents, which is 48"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("other")))
    }

    @Test func acceptsTheExampleThatItTrained() async throws {
        let scratch = try Scratch()
        let example = Program.root.appendingPathComponent("Examples/stories").path
        let checked = try await Program.run(["doctor", example], in: scratch.folder)
        #expect(checked.status == 0, "\(checked.output)")
        #expect(checked.output.contains("512 latents at blocks.2.hook_resid_post"))
    }
}

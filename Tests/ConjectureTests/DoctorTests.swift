import Foundation
import Instruments
import JSON
import SubjectMaterial
import Testing

private let storiesFolder = SharedData.file("models/stories260K")

/// `conjecture doctor` on subjects.
@Suite struct DoctorTests {
    @Test func stillChecksAnOthelloModel_withItsDictionaryAsSecondArgument() async throws {
        let scratch = try Scratch()
        let result = try await Program.run(
            ["doctor", Program.example, Program.example + "/sae"], in: scratch.folder)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("legal moves"))
        #expect(result.output.contains("identity"))
    }

    @Test func refusesExemplars_withoutALanguageModel() async throws {
        let scratch = try Scratch()
        let result = try await Program.run(
            ["doctor", Program.example, "--exemplars", "feature.json"], in: scratch.folder)
        #expect(result.status == 2)
        #expect(result.errors.contains("feature.json"))
    }

    @Test(.enabled(if: storiesFolder != nil, SharedData.absence))
    func saysEveryAssumption_andMeasuresPublishedExemplarsAgain() async throws {
        let model = try #require(storiesFolder)
        let scratch = try Scratch()
        let autoencoder = try RandomAutoencoder.write(
            width: 64, latents: 96, k: 8, hook: "blocks.2.hook_resid_post")
        let subject = try TextSubject(model: model, autoencoder: autoencoder.path, threads: 1)
        let texts = ["Once upon a time there was a cat.", "Lily had a red ball."]
        let outcomes = try await subject.readings(of: texts, latents: Array(0..<96))
        let readings = outcomes.compactMap(\.reading)
        let latent = try #require(
            (0..<96).first { latent in
                readings.allSatisfy { ($0.maximum(latent)?.value ?? 0) > 0 }
            })
        func check(_ factor: Float) async throws -> Program.Result {
            let activations = readings.map { reading -> JSONValue in
                [
                    "tokens": .array(reading.tokens.map { .string($0.text) }),
                    "values": .array(reading.values[latent].map { .number(Double($0 * factor)) }),
                ]
            }
            let feature: JSONValue = [
                "modelId": "stories260K", "layer": "2-res", "index": .string(String(latent)),
                "activations": .array(activations), "explanations": [],
            ]
            let path = scratch.path("feature.json")
            try Data(feature.utf8).write(to: URL(fileURLWithPath: path))
            return try await Program.run(
                ["doctor", model, autoencoder.path, "--exemplars", path], in: scratch.folder)
        }
        let same = try await check(1)
        #expect(same.status == 0, "\(same.output)\(same.errors)")
        for word in [
            "measured at: blocks.2.hook_resid_post", "before each text: ", "normalisation: ",
            "centring: ", subject.identity.hex, "latents active", "2 exemplars", "correlation 1.0",
        ] {
            #expect(same.output.contains(word), "\(word) in \(same.output)")
        }
        let other = try await check(1.2)
        #expect(other.status == 1)
        #expect(other.output.contains("FAIL  exemplars"))
    }
}

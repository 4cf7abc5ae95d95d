import HTTP
import SubjectMaterial
import Testing

@testable import Instruments

/// What every instrument promises, asked of each.
@Suite struct TextInstrumentContractTests {
    private static let texts = ["a cat sat", "one", "a cat sat", "two dogs", "", "x y z w"]

    private func check(_ instrument: any TextInstrument) async throws {
        let together = try await instrument.readings(of: Self.texts, latents: [2, 1])
        #expect(together.count == Self.texts.count)
        #expect(together[0] == together[2])
        #expect(together[4].reading == nil)
        for (text, outcome) in zip(Self.texts, together) {
            let alone = try await instrument.readings(of: [text], latents: [2, 1])
            #expect(alone == [outcome], "\(instrument.name): \(text)")
            guard let reading = outcome.reading else { continue }
            #expect(reading.values.map(\.count) == [reading.tokens.count, reading.tokens.count])
            let swapped = try await instrument.readings(of: [text], latents: [1, 2])
            #expect(swapped[0].reading?.values == reading.values.reversed())
            for range in reading.tokens.compactMap(\.bytes) {
                #expect(range.upperBound <= text.utf8.count)
            }
        }
        #expect(try await instrument.readings(of: [], latents: [1]).isEmpty)
        let plan = await instrument.plan(for: Self.texts, latents: [2, 1])
        #expect(plan.textCount == 5)
        #expect(plan.latentCount == 2)
        await #expect(throws: InstrumentError.self) {
            try await instrument.readings(of: ["one"], latents: [-1])
        }
    }

    @Test func holdsForNeuronpedia() async throws {
        let stub = try NeuronpediaStub()
        let server = NeuronpediaServer(
            base: stub.url, client: try HTTPClient(proxy: .direct), key: nil,
            clock: FakeClock().clock)
        try await check(
            NeuronpediaInstrument(
                try NeuronpediaSource(model: "gpt2-small", source: "6-res-jb"), at: server))
    }

    @Test func holdsForARecording() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/recording.jsonl"
        try await check(try RecordingTextInstrument(FixedInstrument(), path: path))
        try await check(try RecordedTextInstrument(path: path))
    }

    @Test(.enabled(if: SharedData.file("models/stories260K") != nil, SharedData.absence))
    func holdsForASubjectInThisProcess() async throws {
        let folder = try #require(SharedData.file("models/stories260K"))
        let autoencoder = try RandomAutoencoder.write(
            width: 64, latents: 96, k: 8, hook: "blocks.2.hook_resid_post")
        try await check(try TextSubject(model: folder, autoencoder: autoencoder.path, threads: 2))
    }
}

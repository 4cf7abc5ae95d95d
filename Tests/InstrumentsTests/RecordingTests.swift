import Foundation
import Instruments
import SubjectMaterial
import Testing

@Suite struct RecordingTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/recording.jsonl" }

    init() throws { folder = try TemporaryFolder() }

    @Test func givesBackTheSameBits() async throws {
        let texts = ["a cat sat", "", "Zoë's \u{301} \"naïve\"\n日本", "a cat sat"]
        let recorder = try RecordingTextInstrument(FixedInstrument(), path: path)
        let live = try await recorder.readings(of: texts, latents: [3, 0])
        let replay = try RecordedTextInstrument(path: path)
        #expect(try await replay.readings(of: texts, latents: [3, 0]) == live)
        #expect(replay.identity == recorder.identity)
        #expect(replay.name == "fixed")
        #expect(replay.latentCount == 8)
        let one = try await replay.readings(of: [texts[0]], latents: [0])
        #expect(one[0].reading?.values == live[0].reading.map { [$0.values[1]] })
    }

    @Test func continuesItsOwnFile_andThrowsForWhatWasNotRecorded() async throws {
        for text in ["a", "b"] {
            let recorder = try RecordingTextInstrument(FixedInstrument(), path: path)
            _ = try await recorder.readings(of: [text], latents: [1])
        }
        let replay = try RecordedTextInstrument(path: path)
        #expect(try await replay.readings(of: ["a", "b"], latents: [1]).count == 2)
        for (text, latent) in [("c", 1), ("a", 2)] {
            await #expect(throws: InstrumentError.self) {
                try await replay.readings(of: [text], latents: [latent])
            }
        }
    }

    private static let head =
        #"{"format":"conjecture.text-outcomes/1","name":"n","identity":""#
        + String(repeating: "0", count: 64) + #"","latentCount":null}"#

    @Test(arguments: [
        "", "{}", #"{"text":"a","latents":[1]}"#, #"{"text":"a","latents":[-1],"failed":"x"}"#,
        #"{"text":"a","latents":[1],"tokens":[["a",0,9,false]],"values":[[1]]}"#,
        #"{"text":"a","latents":[1],"tokens":[["a",1,0,false]],"values":[[1]]}"#,
        #"{"text":"a","latents":[1],"tokens":[["a",0,1,false]],"values":[[1,2]]}"#,
        #"{"text":"a","latents":[1,2],"tokens":[["a",0,1,false]],"values":[[1]]}"#,
        #"{"text":"a","latents":[1],"tokens":[["a",0,1,false]],"values":[[1e99]]}"#,
        #"{"text":"a","latents":[1],"tokens":[["a",0,null,false]],"values":[[1]]}"#,
        #"{"text":"a","latents":[1],"failed":"x","extra":1}"#, "nonsense",
        #"{"text":"b","latents":[1],"failed":"x"}"# + "\n"
            + #"{"text":"b","latents":[1],"tokens":[["b",0,1,false]],"values":[[1]]}"#,
    ])
    func refusesALine_thatIsNotSound(line: String) throws {
        // Without any head the file is refused too.
        let text = line.isEmpty ? "" : Self.head + "\n" + line + "\n"
        try folder.write("recording.jsonl", text)
        #expect(throws: InstrumentError.self) { try RecordedTextInstrument(path: path) }
    }

    @Test func refusesToContinueAnothersFile() throws {
        try folder.write("recording.jsonl", Self.head + "\n")
        #expect(throws: InstrumentError.self) {
            try RecordingTextInstrument(FixedInstrument(), path: path)
        }
    }
}

import Foundation
import LinearAlgebra
import SubjectMaterial
import Testing

@testable import Exemplars

/// A store is not trusted: whatever its bytes, reading it gives contexts or throws.
@Suite struct DamageTests {
    private let study: SmallStudy

    init() throws {
        study = try SmallStudy(documents: 20, latents: 32)
        try study.pass("store").run()
    }

    private func readAll(_ name: String) throws {
        let store = try study.store(name)
        for latent in 0..<store.latentCount { _ = try? store.latent(latent) }
    }

    @Test func readsOrThrows_whateverBytesChange() throws {
        let files = try study.bytes("store")
        let whole = [UInt8](try #require(files["exemplars.bin"]))
        try FileManager.default.createDirectory(
            atPath: study.scratch.path + "/bad", withIntermediateDirectories: true)
        try study.scratch.write("bad/manifest.json", Array(files["manifest.json"] ?? Data()))
        var generator = SeededGenerator(seed: 11)
        for round in 0..<200 {
            var bytes = whole
            for _ in 0...generator.below(4) {
                let place =
                    round % 2 == 0
                    ? generator.below(min(8000, bytes.count)) : generator.below(bytes.count)
                bytes[place] = [0, 0xFF, 0x7F, UInt8(generator.below(256))][generator.below(4)]
            }
            if round % 10 == 0 { bytes.removeLast(generator.below(bytes.count)) }
            try study.scratch.write("bad/exemplars.bin", bytes)
            try? readAll("bad")
        }
    }

    @Test func saysWhatIsWrong_whenAFileIsCutOrChanged() throws {
        let files = try study.bytes("store")
        let whole = [UInt8](try #require(files["exemplars.bin"]))
        try study.store("store").verify()
        for length in [0, 7, 100, whole.count / 2, whole.count - 1] {
            try study.scratch.write("store/exemplars.bin", Array(whole.prefix(length)))
            #expect(throws: ExemplarError.self) { try study.store("store").verify() }
        }
        var changed = whole
        changed[whole.count - 40] ^= 1
        try study.scratch.write("store/exemplars.bin", changed)
        #expect(throws: ExemplarError.self) { try study.store("store").verify() }
    }

    @Test func refusesADamagedCheckpoint() throws {
        #expect(throws: ExemplarError.self) {
            try study.pass("begun", batchTokens: 60).run { _ in .stop }
        }
        let files = try study.bytes("begun")
        let checkpoint = [UInt8](try #require(files["checkpoint"]))
        for place in [0, 20, 60, 5000, checkpoint.count - 1] {
            var bytes = checkpoint
            bytes[place] ^= 4
            try study.scratch.write("begun/checkpoint", bytes)
            #expect(throws: ExemplarError.self) { try study.pass("begun").run() }
        }
        try study.scratch.write("begun/checkpoint", checkpoint)
        try study.scratch.write("begun/contexts.part", [1, 2, 3])
        #expect(throws: ExemplarError.self) { try study.pass("begun").run() }
    }

    @Test(arguments: [
        "{}", "[", "{\"format\": \"conjecture.exemplars\", \"version\": 2}",
        "{\"format\": \"conjecture.exemplars\", \"version\": 1, \"subject_name\": \"x\"}",
    ])
    func refusesAManifestThatIsNone(text: String) throws {
        try study.scratch.write("store/manifest.json", text)
        #expect(throws: ExemplarError.self) { try study.store("store") }
    }
}

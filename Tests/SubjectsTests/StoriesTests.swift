import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing

private let storiesFolder = SharedData.file("models/stories260K")

/// A trained model of 260,000 parameters that tells stories, in llama2.c's format.
///
/// - Source: Karpathy, tinyllamas `stories260K` (MIT licence).
@Suite(.enabled(if: storiesFolder != nil, SharedData.absence))
struct StoriesTests {
    private let folder: String
    private let model: Transformer
    private let greedy: [Int]

    init() throws {
        folder = try #require(storiesFolder)
        model = try Transformer(llama2Checkpoint: folder + "/checkpoint_legacy.bin")
        let path = try #require(
            Bundle.module.path(
                forResource: "stories260K-greedy", ofType: "json", inDirectory: "Fixtures"))
        greedy = try JSONDecoder().decode(
            [Int].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Pieces of `tokenizer.bin`: the longest length, then score, length and bytes of each.
    private func text(_ tokens: [Int]) throws -> String {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/tokenizer.bin"))
        var pieces: [[UInt8]] = []
        var offset = 4
        while offset < data.count {
            let count = data.withUnsafeBytes {
                Int($0.loadUnaligned(fromByteOffset: offset + 4, as: Int32.self))
            }
            pieces.append(Array(data[offset + 8..<offset + 8 + count]))
            offset += 8 + count
        }
        var bytes: [UInt8] = []
        for token in tokens {
            let piece = String(decoding: pieces[token], as: UTF8.self)
            if piece.hasPrefix("<0x"), piece.count == 6,
                let byte = UInt8(piece.dropFirst(3).dropLast(), radix: 16)
            {
                bytes.append(byte)
            } else {
                bytes += pieces[token]
            }
        }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    }

    @Test func tellsTheKnownStory() throws {
        var generator = SeededGenerator(seed: 0)
        let tokens = try model.generate(after: [1], count: 30, &generator)
        let start = "Once upon a time, there was a little girl named Lily."
        #expect(try text(tokens).hasPrefix(start))
    }

    @Test func givesTheTokensOfAnotherImplementation() throws {
        var generator = SeededGenerator(seed: 0)
        let tokens = try model.generate(after: [1], count: greedy.count, &generator)
        #expect(tokens == greedy)
    }

    @Test func onePass_givesTheBitsOfASession() throws {
        let story = [1] + greedy.prefix(200)
        let whole = try #require(
            try model.forward([story], ForwardRequest(logits: .all)).logits)
        let session = try TransformerSession(model, capacity: 512)
        var g = SeededGenerator(seed: 3)
        var read = 0
        while read < story.count {
            let count = min(1 + g.below(9), story.count - read)
            let logits = try session.read(Array(story[read..<read + count]))
            read += count
            #expect(bits(logits) == bits(whole.values.row(read - 1)))
        }
    }

    @Test func temperatureIsReproducible_andStaysWithTheSeed() throws {
        func draw(_ seed: UInt64, _ sampling: Sampling) throws -> [Int] {
            var generator = SeededGenerator(seed: seed)
            return try model.generate(after: [1], count: 60, sampling: sampling, &generator)
        }
        #expect(try draw(1, .temperature(1)) == draw(1, .temperature(1)))
        #expect(try draw(1, .temperature(1)) != draw(2, .temperature(1)))
        #expect(try draw(1, .temperature(0.7, topK: 1)) == Array(greedy.prefix(60)))
    }

    @Test func stopsAfterAStopToken() throws {
        var generator = SeededGenerator(seed: 0)
        let tokens = try model.generate(after: [1], count: 30, stops: [greedy[4]], &generator)
        #expect(tokens.last == greedy[4] && tokens.count <= 5)
    }

    @Test func refusesACutFile() throws {
        let folder = try TemporaryFolder()
        let path = self.folder + "/checkpoint_legacy.bin"
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let cut = try folder.write("cut.bin", Array(data.dropLast(4)))
        let text = message { _ = try Transformer(llama2Checkpoint: cut) }
        #expect(text.contains("the header asks for \(data.count)"))
        let short = try folder.write("short.bin", Array(data.prefix(20)))
        #expect(
            message { _ = try Transformer(llama2Checkpoint: short) }
                .contains("fewer than 28 bytes"))
    }
}

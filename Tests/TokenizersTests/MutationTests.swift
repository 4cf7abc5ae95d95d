import Foundation
import Testing

@testable import Tokenizers

/// Files are downloaded, so whatever they hold must end in a typed error or in a tokenizer that
/// works: no crash, no hang.
@Suite struct MutationTests {
    private static let lines = [
        "", "Hello <s>  été 123\n", "\u{0}日本 👍🏽 'LL ﬁ <|endoftext|>x",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
    ]

    /// The configuration round the vocabulary is what mutation is to meet, so the vocabulary is cut.
    private static func shortened(_ family: String) throws -> [UInt8] {
        let text = try String(contentsOfFile: "\(Fixture.folder)/\(family).json", encoding: .utf8)
        guard let start = text.range(of: #""merges":["#) else { return Array(text.utf8) }
        return Array(text[..<start.upperBound].utf8) + Array("]}}".utf8)
    }

    private static func mutate(_ bytes: [UInt8], _ random: inout Generator) -> [UInt8] {
        var bytes = bytes
        // Half of all changes fall on the configuration, which is at the start.
        let reach = random.next() % 2 == 0 ? min(bytes.count, 2500) : bytes.count
        for _ in 0...Int(random.next() % 3) {
            guard bytes.count > 4, reach <= bytes.count else { break }
            let at = Int.random(in: 0..<max(1, reach - 4), using: &random)
            switch random.next() % 7 {
            case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: at)
            case 3: bytes.replaceSubrange(at..<at + 4, with: Array("null".utf8))
            case 4: bytes[at] = [0x30, 0x39, 0x22, 0x5B, 0x5D, 0x7B, 0x2D, 0x5C, 0x2B][at % 9]
            case 5:
                // One true for a false, or the reverse: a file that is whole and means another thing.
                guard let found = bytes[at...].firstIndex(of: 0x3A), found + 5 < bytes.count else {
                    break
                }
                if bytes[found + 1] == 0x74 {
                    bytes.replaceSubrange(found + 1..<found + 5, with: Array("false".utf8))
                }
                if bytes[found + 1] == 0x66 {
                    bytes.replaceSubrange(found + 1..<found + 6, with: Array("true".utf8))
                }
            default:
                let end = min(bytes.count, at + Int(random.next() % 40))
                bytes.insert(contentsOf: bytes[at..<end], at: at)
            }
        }
        return bytes
    }

    @Test(arguments: Fixture.families.filter { $0 != "t5" })
    func survivesMutatedTokenizers(family: String) throws {
        let original = try Self.shortened(family)
        let seed = family.utf8.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }
        var random = Generator(state: seed)
        var working = 0
        for _ in 0..<1500 {
            guard let tokenizer = try? Tokenizer(json: Self.mutate(original, &random)) else {
                continue
            }
            working += 1
            Self.use(tokenizer)
        }
        #expect(working > 0)
    }

    /// Encodes and decodes; errors are welcome, anything else that ends the process is not.
    private static func use(_ tokenizer: Tokenizer) {
        for line in lines {
            guard let encoding = try? tokenizer.encode(line, addSpecialTokens: true) else {
                continue
            }
            let length = line.unicodeScalars.count
            #expect(encoding.offsets.count == encoding.ids.count)
            #expect(encoding.offsets.allSatisfy { $0.upperBound <= max(length, 64) })
            _ = try? tokenizer.decode(encoding.ids)
            _ = try? tokenizer.encodePair(
                line, "b", addSpecialTokens: true, truncation: tokenizer.truncation)
        }
        _ = try? tokenizer.decode([0, 1, 2, 3, 4, 5, 6, 99])
    }

    @Test func survivesMutatedCharacterMaps() throws {
        let json = try Fixture.json("\(Fixture.folder)/t5.json")
        let map = try #require(
            json["normalizer"]?["normalizers"]?.array?.first?["precompiled_charsmap"]?.string)
        let original = [UInt8](try #require(Data(base64Encoded: map)))
        var random = Generator(state: 77)
        for _ in 0..<400 {
            var bytes = original
            // A dense spray of changes, for the table is large.
            for _ in 0..<Int.random(in: 1..<4000, using: &random) {
                bytes[Int.random(in: 4..<bytes.count / 2, using: &random)] = UInt8(
                    truncatingIfNeeded: random.next())
            }
            if random.next() % 8 == 0 {
                bytes = Array(bytes.prefix(Int(random.next() % UInt64(bytes.count))))
            }
            guard let map = CharacterMap(base64: Data(bytes).base64EncodedString()) else {
                continue
            }
            for line in Self.lines + [random.text(40)] {
                var passage = Passage(Array(line.utf8), origin: 0)
                map.normalise(&passage)
                #expect(String(validating: passage.bytes, as: UTF8.self) != nil)
                #expect(passage.allSpans.count == passage.bytes.count)
            }
        }
    }

    @Test func survivesMutatedLlamaFiles() throws {
        let original = [UInt8](
            try Data(contentsOf: URL(fileURLWithPath: "\(Fixture.folder)/llama2c.bin")))
        var random = Generator(state: 9)
        var working = 0
        for _ in 0..<5000 {
            let bytes = Self.mutate(original, &random)
            guard let file = try? LlamaTokenizerFile(bytes: bytes) else { continue }
            working += 1
            let ids = file.encode(Self.lines[1], addBegin: true, addEnd: true)
            _ = file.decode(ids)
        }
        #expect(working > 0)
    }
}

import Foundation
import Testing

@testable import Tokenizers

@Suite struct LlamaTokenizerFileTests {
    private static func file() throws -> LlamaTokenizerFile {
        try LlamaTokenizerFile(path: "\(Fixture.folder)/llama2c.bin")
    }

    private func matches(in folder: String) throws -> Int {
        let file = try Self.file()
        let lines = try Fixture.json("\(folder)/lines.json").array!.map { $0.string! }
        let rows = try Fixture.json("\(folder)/llama2c.lines.json").array!
        try #require(lines.count == rows.count)
        var count = 0
        for (line, row) in zip(lines, rows) {
            let text = line.replacing("\0", with: "")
            let ids = file.encode(text, addBegin: true, addEnd: true)
            let expected = row.array!.map { $0.integer! }
            #expect(ids == expected, "\(line.debugDescription)")
            // A text comes back whole, for what is no piece is spelled in bytes.
            #expect(Array(file.decode(ids).utf8) == Array(text.utf8))
            count += ids == expected ? 1 : 0
        }
        return count
    }

    @Test func matchesTheOriginal_onTellingLines() throws {
        #expect(try matches(in: Fixture.folder) > 100)
    }

    @Test(.enabled(if: ManyLinesTests.folder != nil))
    func matchesTheOriginal_onManyLines() throws {
        let count = try matches(in: try #require(ManyLinesTests.folder))
        print("llama2c: \(count) of 10000")
    }

    @Test func knowsItsPieces() throws {
        let file = try Self.file()
        #expect(file.vocabularySize == 512)
        #expect(file.id(of: "<unk>") == 0)
        #expect(file.encode("", addBegin: false, addEnd: false) == [])
        #expect(file.bytes(of: 3 + 0x41, after: nil) == [0x41])
        #expect(file.bytes(of: 9999, after: nil) == [])
    }

    @Test func refusesWithPlaceAndReason_whenCutShort() throws {
        let bytes = [UInt8](
            try Data(contentsOf: URL(fileURLWithPath: "\(Fixture.folder)/llama2c.bin")))
        let error = #expect(throws: TokenizerError.self) {
            try LlamaTokenizerFile(bytes: bytes.dropLast(), path: "t.bin")
        }
        #expect(error?.description.hasPrefix("t.bin: piece 511 is ") ?? false)
        #expect(throws: TokenizerError.self) { try LlamaTokenizerFile(bytes: []) }
        #expect(throws: TokenizerError.self) { try LlamaTokenizerFile(bytes: [7, 0, 0, 0]) }
    }
}

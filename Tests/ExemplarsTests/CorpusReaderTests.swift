import SubjectMaterial
import Testing

@testable import Exemplars

@Suite struct CorpusReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func texts(_ name: String, _ content: String, field: String = "text") throws
        -> [String?]
    {
        let path = try folder.write(name, content)
        var reader = CorpusReader(try Corpus(paths: [path], field: field))
        var texts: [String?] = []
        while let document = try reader.next() { texts.append(document.text) }
        return texts
    }

    @Test func partsPlainTextAtBlankLines() throws {
        #expect(
            try texts("a.txt", "\n\nOne\ntwo.\n \t\r\n\nThree.\r\n\r\nFour.") == [
                "One\ntwo.", "Three.\r", "Four.",
            ])
        #expect(try texts("b.txt", "") == [])
        #expect(try texts("c.txt", "\n \n") == [])
    }

    @Test func readsTheFieldOfEachLine() throws {
        let lines = "{\"text\": \"a\", \"body\": \"b\"}\n\n{\"body\": \"c\\n\\nd\", \"text\": \"\"}"
        #expect(try texts("a.jsonl", lines) == ["a", ""])
        #expect(try texts("a.jsonl", lines, field: "body") == ["b", "c\n\nd"])
    }

    @Test func leavesOutWhatIsTooLong() throws {
        let long = String(repeating: "word ", count: CorpusReader.byteLimit / 5 + 1)
        #expect(try texts("a.txt", "a\n\n\(long)\n\nb") == ["a", nil, "b"])
    }

    @Test(arguments: ["{\"text\": 3}", "{\"body\": \"a\"}", "{\"text\": \"a\"", "[]"])
    func refusesALine_whenItHasNoText(line: String) throws {
        #expect(throws: ExemplarError.self) { try texts("a.jsonl", "{\"text\": \"a\"}\n" + line) }
    }

    @Test func refusesBytesThatAreNotText() throws {
        let path = try folder.write("a.txt", [0x61, 0xFF, 0xFE])
        var reader = CorpusReader(try Corpus(paths: [path]))
        #expect(throws: ExemplarError.self) { try reader.next() }
    }

    @Test func hasAnotherDigest_whenAnyByteOrTheFieldChanges() throws {
        let a = try folder.write("a.txt", "One")
        let b = try folder.write("b.txt", "Two")
        let both = try Corpus(paths: [a, b]).digest
        #expect(try both != Corpus(paths: [b, a]).digest)
        #expect(try both != Corpus(paths: [a, b], field: "body").digest)
        #expect(try both == Corpus(paths: [a, b]).digest)
    }
}

import Foundation
import JSON
import Testing

@testable import Tokenizers

@Suite struct TokenizerTests {
    @Test func readsAFolder() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(
            atPath: "\(Fixture.folder)/bert.json", toPath: folder.path + "/tokenizer.json")
        let tokenizer = try Tokenizer(path: folder.path)
        #expect(tokenizer.vocabularySize == 700)
        #expect(tokenizer.id(of: "[CLS]") == 2)
        #expect(tokenizer.token(of: 3) == "[SEP]")
        #expect(tokenizer.token(of: -1) == nil && tokenizer.token(of: 700) == nil)
        #expect(tokenizer.id(of: "no such token") == nil)
    }

    @Test(
        arguments: [
            ("bert", 2, 3), ("bert-cased", 2, 3), ("roberta", 0, 2), ("llama3", 0, nil),
            ("t5", nil, 1),
            ("gemma", 1, 2), ("gpt2", nil, nil), ("word-level", nil, nil),
        ] as [(String, Int?, Int?)])
    func namesTheIdsThatFrameAText(family: String, begin: Int?, end: Int?) throws {
        let tokenizer = try Fixture(family).tokenizer
        #expect(tokenizer.beginID == begin)
        #expect(tokenizer.endID == end)
    }

    @Test func countsAddedTokensOnce() throws {
        let tokenizer = try Fixture("neox").tokenizer
        #expect(tokenizer.vocabularySize == 723)
        #expect(tokenizer.addedTokens.count == 25)
    }

    @Test func reportsScalarsAndBytes() throws {
        let tokenizer = try Fixture("word-level").tokenizer
        let encoding = try tokenizer.encode("日本 été", addSpecialTokens: false)
        #expect(encoding.offsets == [0..<2, 3..<6])
        #expect(encoding.byteOffsets == [0..<6, 7..<12])
    }

    @Test func tellsNormalFormsApart() throws {
        // To `String` these are equal.
        let json = #"""
            {"model": {"type": "WordLevel", "unk_token": "?",
             "vocab": {"?": 0, "\#u{E9}": 1, "e\#u{301}": 2}}}
            """#
        let tokenizer = try Tokenizer(json: Array(json.utf8))
        #expect(try tokenizer.encode("\u{E9}", addSpecialTokens: false).ids == [1])
        #expect(try tokenizer.encode("e\u{301}", addSpecialTokens: false).ids == [2])
    }

    @Test func remembersTruncationAndPadding_butHeedsThemOnlyWhenAsked() throws {
        let text = try String(contentsOfFile: "\(Fixture.folder)/bert.json", encoding: .utf8)
        for row in try Fixture.json("\(Fixture.folder)/options.json").array! {
            let row = row.array!
            let json = text.replacing(
                #""truncation":null"#, with: #""truncation":\#(row[0].canonicalText)"#
            ).replacing(#""padding":null"#, with: #""padding":\#(row[1].canonicalText)"#)
            let tokenizer = try Tokenizer(json: Array(json.utf8))
            let first = row[2].string!
            let plain = try tokenizer.encode(first, addSpecialTokens: true)
            #expect(plain == (try Fixture("bert").tokenizer.encode(first, addSpecialTokens: true)))
            guard let expected = row[4].array?.map({ $0.array!.map { $0.integer! } }) else {
                #expect(throws: TokenizerError.self) { try encode(tokenizer, first, row[3].string) }
                continue
            }
            let found = try encode(tokenizer, first, row[3].string)
            #expect(found.ids == expected[0], "\(row[0]) \(row[1])")
            #expect(found.typeIDs == expected[1])
            #expect(found.attentionMask == expected[2])
            #expect(found.offsets.flatMap { [$0.lowerBound, $0.upperBound] } == expected[3])
        }
    }

    private func encode(
        _ tokenizer: Tokenizer, _ first: String, _ second: String?
    ) throws -> Encoding {
        guard let second else {
            return try tokenizer.encode(
                first, addSpecialTokens: true, truncation: tokenizer.truncation,
                padding: tokenizer.padding)
        }
        return try tokenizer.encodePair(
            first, second, addSpecialTokens: true, truncation: tokenizer.truncation,
            padding: tokenizer.padding)
    }

    @Test func cutsTheSecondText_whenAskedTo() throws {
        let tokenizer = try Fixture("bert").tokenizer
        let cut = Truncation(maximumCount: 8, strategy: .onlySecond)
        let pair = try tokenizer.encodePair(
            "the dog", "the fox the fox the fox", addSpecialTokens: true, truncation: cut)
        #expect(pair.count == 8)
        #expect(throws: TokenizerError.self) {
            try tokenizer.encode(
                "the fox the fox the fox the fox", addSpecialTokens: true, truncation: cut)
        }
        #expect(throws: TokenizerError.self) {
            try tokenizer.encode(
                "a", addSpecialTokens: true, truncation: Truncation(maximumCount: 1))
        }
    }

    @Test func stripsBothEnds_whenDecoding() throws {
        let decoder = TokenDecoder.strip(content: "n", start: 1, stop: 2)
        #expect(try decoder.decode(["nnannn", "n", "", "nn", "an"]) == ["nan", "", "", "", "a"])
    }

    @Test func saysWhatIsUnknown_whenNoTokenStandsForIt() throws {
        let json = #"{"model": {"type": "WordLevel", "unk_token": "?", "vocab": {"a": 0}}}"#
        let tokenizer = try Tokenizer(json: Array(json.utf8))
        let error = #expect(throws: TokenizerError.self) {
            try tokenizer.encode("b", addSpecialTokens: false)
        }
        #expect(error == .unknownCharacters(text: "b"))
    }
}

import Foundation
import JSON
import Testing

@testable import Tokenizers

/// What the reference makes of lines; see `Fixtures/make_tokenizers.py` for the format.
struct Fixture {
    static let families = [
        "gpt2", "neox", "llama3", "qwen", "gpt4o", "deepseek", "llama2", "gemma", "t5",
        "unigram-nmt", "bert", "bert-cased", "word-level", "roberta", "odd-suffix", "odd-prefix",
        "odd-added", "odd-splits", "odd-bytes", "odd-metaspace",
    ]

    static let folder = Bundle.module.resourcePath! + "/Fixtures"

    let tokenizer: Tokenizer
    let lines: [String]
    let rows: [JSONValue]

    init(_ name: String, in folder: String = Fixture.folder) throws {
        tokenizer = try Tokenizer(path: "\(folder)/\(name).json")
        lines = try Self.json("\(folder)/lines.json").array!.map { $0.string! }
        rows = try Self.json("\(folder)/\(name).lines.json").array!
        try #require(lines.count == rows.count)
    }

    static func json(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
    }

    /// How the encoding and decoding of a line differ from the reference's; nil if they do not.
    func difference(at index: Int) -> String? {
        do {
            return try Self.difference(tokenizer, lines[index], rows[index].array!)
        } catch {
            return "\(lines[index].debugDescription): \(error)"
        }
    }

    private static func difference(
        _ tokenizer: Tokenizer, _ line: String, _ row: [JSONValue]
    ) throws -> String? {
        let plain = try tokenizer.encode(line, addSpecialTokens: false)
        let full = try tokenizer.encode(line, addSpecialTokens: true)
        let decoded = try tokenizer.decode(full.ids, skipsSpecialTokens: false)
        let shortened = try tokenizer.decode(full.ids, skipsSpecialTokens: true)
        func numbers(_ at: Int, _ other: Int) -> [Int] {
            (row[at] == .null ? row[other] : row[at]).array!.map { $0.integer! }
        }
        func flat(_ encoding: Encoding) -> [Int] {
            encoding.offsets.flatMap { [$0.lowerBound, $0.upperBound] }
        }
        func texts(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }
        let tokens = row[1].array?.map { $0.string! } ?? plain.ids.map { tokenizer.token(of: $0)! }
        let expectedDecoded = row[5].string!
        let expectedShortened = row[6].string ?? expectedDecoded
        func report(_ what: String, _ found: Any, _ expected: Any) -> String {
            "\(line.debugDescription): \(what)\n  found    \(found)\n  expected \(expected)"
        }
        if plain.ids != numbers(0, 0) { return report("ids", plain.ids, numbers(0, 0)) }
        if texts(plain.tokens) != texts(tokens) { return report("tokens", plain.tokens, tokens) }
        if flat(plain) != numbers(2, 2) { return report("offsets", flat(plain), numbers(2, 2)) }
        if full.ids != numbers(3, 0) { return report("full ids", full.ids, numbers(3, 0)) }
        if flat(full) != numbers(4, 2) {
            return report("full offsets", flat(full), numbers(4, 2))
        }
        if texts([decoded, shortened]) != texts([expectedDecoded, expectedShortened]) {
            return report(
                "decoded", [decoded, shortened].debugDescription,
                [expectedDecoded, expectedShortened].debugDescription)
        }
        return byteFault(plain, line)
    }

    /// Whether the offsets in bytes name the same text as those in scalars.
    private static func byteFault(_ encoding: Encoding, _ line: String) -> String? {
        let scalars = Array(line.unicodeScalars)
        let bytes = Array(line.utf8)
        for (range, byteRange) in zip(encoding.offsets, encoding.byteOffsets) {
            guard range.upperBound <= scalars.count else { continue }
            let part = String(String.UnicodeScalarView(scalars[range]))
            guard Array(part.utf8) == Array(bytes[byteRange]) else {
                return "\(line.debugDescription): bytes \(byteRange) are not scalars \(range)"
            }
        }
        return nil
    }
}

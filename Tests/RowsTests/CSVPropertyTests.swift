import Foundation
import LinearAlgebra
import Testing

@testable import Rows

@Suite struct CSVPropertyTests {
    /// Rows of arbitrary fields, written as RFC 4180 has it and read back, whatever the cutting.
    @Test func readsBackWhatWasWritten_over5000Seeds() throws {
        for seed in UInt64(0)..<5_000 {
            var generator = SeededGenerator(seed: seed)
            let width = 2 + generator.below(4)
            let rows = (0..<1 + generator.below(6)).map { _ in
                (0..<width).map { _ in field(&generator) }
            }
            let ending = generator.below(2) == 0 ? "\n" : "\r\n"
            let lines = rows.map { $0.map { quoted($0, &generator) }.joined(separator: ",") }
            let text = lines.joined(separator: ending) + (generator.below(2) == 0 ? ending : "")
            let records = try records(Array(text.utf8), &generator)
            #expect(records == rows, "seed \(seed)")
            #expect(records == SlowCSV.records(text), "seed \(seed)")
        }
    }

    /// Bytes of any kind never stop the reading, and what comes out does not depend on the cutting.
    @Test func readsAnything_whateverTheChunks() throws {
        let alphabet: [UInt8] = Array("\"\"\",,\n\r ab{}[]:1".utf8) + [0xC3, 0xA9, 0xFF, 0]
        for seed in UInt64(0)..<1_000 {
            var generator = SeededGenerator(seed: seed, stream: 1)
            let bytes = (0..<generator.below(80)).map { _ in
                alphabet[generator.below(alphabet.count)]
            }
            for format in RowFormat.allCases {
                let whole = try contents(bytes, format, cuts: [])
                let cuts = (0..<3).map { _ in generator.below(bytes.count + 1) }.sorted()
                #expect(try contents(bytes, format, cuts: cuts) == whole, "seed \(seed)")
                // A header that cannot be used ends the reading; nothing else does.
                guard
                    let reader = try? RowReader(source: PiecedBytes([bytes]), format: format)
                else { continue }
                while try reader.next() != nil {}
            }
        }
    }

    private func field(_ generator: inout SeededGenerator) -> String {
        let alphabet = ["a", "b", "é", "日", ",", "\"", "\n", "\r\n", " ", "\t", "1"]
        let length = generator.below(3) == 0 ? 0 : 1 + generator.below(7)
        return (0..<length).map { _ in alphabet[generator.below(alphabet.count)] }.joined()
    }

    private func quoted(_ field: String, _ generator: inout SeededGenerator) -> String {
        let isNeeded = field.utf8.contains { Array(",\"\n\r \t".utf8).contains($0) }
        guard isNeeded || generator.below(2) == 0 else { return field.isEmpty ? "\"\"" : field }
        return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }

    private func records(
        _ bytes: [UInt8], _ generator: inout SeededGenerator
    ) throws -> [[String]] {
        let cuts = (0..<2).map { _ in generator.below(bytes.count + 1) }.sorted()
        return try contents(bytes, .csv, cuts: cuts).map { try CSVFields.split($0) }
    }

    /// The records of some bytes that arrive in pieces.
    private func contents(
        _ bytes: [UInt8], _ format: RowFormat, cuts: [Int]
    ) throws -> [[UInt8]] {
        let edges = [0] + cuts + [bytes.count]
        let pieces = zip(edges, edges.dropFirst()).map { Array(bytes[$0..<$1]) }
        let reader = RecordReader(
            source: PiecedBytes(pieces), format: format, byteLimit: 1 << 20)
        var result: [[UInt8]] = []
        while let record = try reader.next() {
            if case .bytes(let bytes) = record.content { result.append(bytes) }
        }
        return result
    }
}

/// Bytes that arrive in pieces, as from a pipe.
private final class PiecedBytes: ByteSource {
    let name = "pieces"
    private var pieces: [[UInt8]]

    init(_ pieces: [[UInt8]]) { self.pieces = pieces.filter { !$0.isEmpty }.reversed() }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let piece = pieces.popLast() else { return 0 }
        let part = piece.prefix(buffer.count)
        buffer.copyBytes(from: part)
        if part.count < piece.count { pieces.append(Array(piece.dropFirst(part.count))) }
        return part.count
    }
}

/// CSV read one character at a time, as its grammar reads.
private enum SlowCSV {
    static func records(_ text: String) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field: [Unicode.Scalar] = []
        var isQuoted = false
        var scalars = Array(text.replacingOccurrences(of: "\r\n", with: "\u{F8FF}").unicodeScalars)
        if let last = scalars.last, last == "\n" || last == "\u{F8FF}" { scalars.removeLast() }
        var at = 0
        func ended() -> String {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: field)
            return String(text).replacingOccurrences(of: "\u{F8FF}", with: "\r\n")
        }
        while at < scalars.count {
            let scalar = scalars[at]
            let next = at + 1 < scalars.count ? scalars[at + 1] : nil
            if isQuoted, scalar == "\"", next == "\"" {
                field.append("\"")
                at += 1
            } else if scalar == "\"" {
                isQuoted.toggle()
            } else if !isQuoted, scalar == "," {
                record.append(ended())
                field = []
            } else if !isQuoted, scalar == "\n" || scalar == "\u{F8FF}" {
                records.append(record + [ended()])
                record = []
                field = []
            } else {
                field.append(scalar)
            }
            at += 1
        }
        return records + [record + [ended()]]
    }
}

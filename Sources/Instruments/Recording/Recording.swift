import Digests
import Foundation
import JSON

/// The form of a recording: a line that says whose readings they are, then one line per text.
///
/// ```json
/// {"format":"conjecture.text-outcomes/1","name":"…","identity":"…","latentCount":96}
/// {"text":"A cat.","latents":[3],"tokens":[["A",0,1,false],…],"values":[[0.5,…]]}
/// {"text":"","latents":[3],"failed":"the text is empty"}
/// ```
///
/// A token without a place has null for both its ends.
enum Recording {
    static let format = "conjecture.text-outcomes/1"

    static func head(of instrument: any TextInstrument) -> JSONValue {
        [
            "format": .string(format), "name": .string(instrument.name),
            "identity": .string(instrument.identity.hex),
            "latentCount": instrument.latentCount.map { .integer($0) } ?? .null,
        ]
    }

    static func line(_ text: String, _ latents: [Int], _ outcome: TextOutcome) -> JSONValue {
        let latents = JSONValue.array(latents.map { .integer($0) })
        switch outcome {
        case .failed(let reason):
            return ["text": .string(text), "latents": latents, "failed": .string(reason)]
        case .reading(let reading):
            let tokens = reading.tokens.map { token -> JSONValue in
                [
                    .string(token.text), token.bytes.map { .integer($0.lowerBound) } ?? .null,
                    token.bytes.map { .integer($0.upperBound) } ?? .null, .bool(token.isSpecial),
                ]
            }
            let values = reading.values.map { JSONValue.array($0.map { .number(Double($0)) }) }
            return [
                "text": .string(text), "latents": latents, "tokens": .array(tokens),
                "values": .array(values),
            ]
        }
    }
}

/// Reads lines of a recording, strictly.
struct RecordingReader {
    let path: String
    let number: Int

    private func bad(_ reason: String) -> InstrumentError {
        .badFile(path: path, place: "line \(number)", reason: reason)
    }

    func parse(_ line: [UInt8]) throws(InstrumentError) -> JSONValue {
        do {
            return try JSONValue(parsing: line)
        } catch {
            throw bad("is not JSON: it \(error)")
        }
    }

    private func only(_ names: Set<String>, _ value: JSONValue) throws(InstrumentError) {
        guard let members = value.members, Set(members.map(\.name)) == names else {
            throw bad(
                "must have the fields \(names.sorted().joined(separator: ", ")), and no other")
        }
    }

    func head(
        _ value: JSONValue
    ) throws(InstrumentError) -> (name: String, identity: Digest, latentCount: Int?) {
        guard value["format"]?.string == Recording.format else {
            throw bad("must say \"format\": \"\(Recording.format)\"")
        }
        try only(["format", "name", "identity", "latentCount"], value)
        guard let name = value["name"]?.string,
            let identity = value["identity"]?.string.flatMap({ Digest(hex: $0) })
        else { throw bad("must have a name, and an identity of 64 hexadecimal digits") }
        let count = value["latentCount"]?.integer
        guard value["latentCount"] == .null || count.map({ $0 > 0 }) == true else {
            throw bad("latentCount must be a number above 0, or null")
        }
        return (name, identity, count)
    }

    func outcome(
        _ value: JSONValue
    ) throws(InstrumentError) -> (text: String, latents: [Int], outcome: TextOutcome) {
        let failed = value["failed"]
        try only(
            failed == nil
                ? ["text", "latents", "tokens", "values"] : ["text", "latents", "failed"], value)
        guard let text = value["text"]?.string,
            let latents = value["latents"]?.array?.map(\.integer),
            latents.allSatisfy({ $0.map { $0 >= 0 } == true })
        else { throw bad("must have a text, and latents from 0") }
        let numbers = latents.compactMap { $0 }
        if let failed {
            guard let reason = failed.string else { throw bad("failed must be a reason") }
            return (text, numbers, .failed(reason: reason))
        }
        let tokens = try tokens(value["tokens"], in: text)
        let rows = value["values"]?.array ?? []
        guard rows.count == numbers.count else {
            throw bad("has values of \(rows.count) latents for \(numbers.count)")
        }
        var values: [[Float]] = []
        for row in rows { values.append(try self.values(row, tokens.count)) }
        return (text, numbers, .reading(TextReading(tokens: tokens, values: values)))
    }

    private func values(_ row: JSONValue, _ count: Int) throws(InstrumentError) -> [Float] {
        let numbers = (row.array ?? []).compactMap(\.number).map { Float($0) }
        guard numbers.count == count, row.array?.count == count, numbers.allSatisfy(\.isFinite)
        else { throw bad("must have a finite value for each of \(count) tokens") }
        return numbers
    }

    private func tokens(
        _ value: JSONValue?, in text: String
    ) throws(InstrumentError) -> [TextReading.Token] {
        var tokens: [TextReading.Token] = []
        let length = text.utf8.count
        for entry in value?.array ?? [] {
            guard let parts = entry.array, parts.count == 4, let spelling = parts[0].string,
                let isSpecial = parts[3].bool
            else { throw bad("a token is [text, start, end, special]") }
            var bytes: Range<Int>?
            if let start = parts[1].integer, let end = parts[2].integer {
                guard 0 <= start, start <= end, end <= length else {
                    throw bad("a token lies at \(start) to \(end) of \(length) bytes")
                }
                bytes = start..<end
            } else if parts[1] != .null || parts[2] != .null {
                throw bad("a token's ends are two numbers, or null")
            }
            tokens.append(.init(text: spelling, bytes: bytes, isSpecial: isSpecial))
        }
        return tokens
    }
}

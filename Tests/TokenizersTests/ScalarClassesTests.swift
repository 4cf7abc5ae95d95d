import Foundation
import JSON
import Testing

@testable import Tokenizers

/// Every Unicode scalar against what the reference said of it.
@Suite struct ScalarClassesTests {
    private static func reference(_ part: String) throws -> JSONValue {
        try #require(try Fixture.json("\(Fixture.folder)/classes.json")[part])
    }

    private static let scalars = (UInt32(0)..<0x110000).compactMap(Unicode.Scalar.init)

    @Test(arguments: [
        ("letter", ScalarClasses.Flags.letter), ("number", ScalarClasses.Flags.number),
        ("space", ScalarClasses.Flags.space), ("word", ScalarClasses.Flags.word),
        ("plainWord", ScalarClasses.Flags.plainWord), ("numeric", ScalarClasses.Flags.numeric),
        ("punctuation", ScalarClasses.Flags.punctuation),
        ("control", ScalarClasses.Flags.control), ("mark", ScalarClasses.Flags.mark),
        ("nonspacing", ScalarClasses.Flags.nonspacing),
    ])
    func agreesOnEveryScalar(name: String, flag: UInt32) throws {
        let found = ranges { ScalarClasses.standard.has(flag, $0.value) }
        #expect(found == (try numbers(name)))
    }

    @Test(arguments: [
        ("lower", #"\p{Ll}"#), ("digit", #"\d"#), ("other", #"\p{Lo}"#), ("symbol", #"\p{S}"#),
        ("anyMark", #"\p{M}"#), ("anyPunctuation", #"\p{P}"#), ("letter", #"\p{L}"#),
        ("number", #"[^\P{N}]"#), ("space", #"[\s]"#), ("word", #"\w"#),
    ])
    func expressionAgreesOnEveryScalar(name: String, expression: String) throws {
        let pattern = try TextPattern(expression: expression)
        let bytes = Self.scalars.flatMap(UTF8Text.encoded)
        let found = try bytes.withUnsafeBufferPointer { text in
            var runs: [Run] = []
            try pattern.addRuns(in: text, to: &runs)
            let members = Set(
                runs.filter(\.isMatch).map { UTF8Text.scalar(text, $0.start).0 })
            return ranges { members.contains($0.value) }
        }
        #expect(found == (try numbers(name)))
    }

    @Test(arguments: ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Chinese"])
    func normaliserAgreesOnEveryScalar(name: String) throws {
        let chinese = Normaliser.BertRules(
            cleansText: false, handlesChineseCharacters: true, stripsAccents: false,
            lowercases: false)
        let normaliser: Normaliser =
            switch name {
            case "Lowercase": .lowercase
            case "Chinese": .bert(chinese)
            default: .form(try #require(UnicodeForms.Form(rawValue: name)))
            }
        var sum = Checksum()
        for scalar in Self.scalars {
            var passage = Passage(UTF8Text.encoded(scalar), origin: 0)
            try normaliser.apply(to: &passage)
            sum.add(passage.bytes + [0x0A])
        }
        #expect(Int(sum.value) == (try Self.reference("mappings")[name]?.integer))
    }

    private func numbers(_ name: String) throws -> [Int] {
        try #require(try Self.reference("classes")[name]?.array).map { $0.integer! }
    }

    private func ranges(_ isMember: (Unicode.Scalar) throws -> Bool) rethrows -> [Int] {
        var ranges: [Int] = []
        for scalar in Self.scalars where try isMember(scalar) {
            if let last = ranges.last, last == Int(scalar.value) - 1 {
                ranges[ranges.count - 1] = Int(scalar.value)
            } else {
                ranges += [Int(scalar.value), Int(scalar.value)]
            }
        }
        return ranges
    }
}

/// CRC-32, as zlib's.
private struct Checksum {
    private static let table = (UInt32(0)..<256).map { byte in
        (0..<8).reduce(byte) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }

    private var crc = UInt32.max

    var value: UInt32 { ~crc }

    mutating func add(_ bytes: [UInt8]) {
        for byte in bytes {
            crc = crc >> 8 ^ Self.table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)]
        }
    }
}

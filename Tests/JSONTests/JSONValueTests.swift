import JSON
import LinearAlgebra
import Testing

@Suite struct JSONValueTests {
    private func parse(_ text: String) -> Result<JSONValue, JSONValue.Flaw> {
        do throws(JSONValue.Flaw) {
            return .success(try JSONValue(parsing: text))
        } catch {
            return .failure(error)
        }
    }

    @Test func readsEveryKindOfValue() throws {
        let value = try parse(
            #" {"a":[1,-2,0.5,1e3],"b":null,"c":"é\n\u00e9\ud83d\ude00","d":{}} "#
        )
        .get()
        #expect(
            value
                == .object([
                    .init(
                        name: "a",
                        value: .array([.integer(1), .integer(-2), .number(0.5), .number(1000)])),
                    .init(name: "b", value: .null),
                    .init(name: "c", value: .string("é\né😀")),
                    .init(name: "d", value: .object([])),
                ]))
    }

    // To `String` the two names are equal, and a vocabulary holds both.
    @Test func tellsNamesApartByTheirBytes() throws {
        let value = try parse("{\"\u{E9}\":1,\"e\u{301}\":2}").get()
        #expect(value.members?.map(\.value) == [.integer(1), .integer(2)])
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":1}x", "nul", "\"", "\"\\x\"",
        "\"\\ud800\"",
        "\"\\u12\"", "1-2", "1e999", "--1", "{\"a\":1,\"a\":2}", "\"\u{1}\"",
        "99999999999999999999",
        "+1", ".5", "NaN", "01", "-", "-01", "1.", "1e", "1e+", "0x10",
    ])
    func refuses(text: String) {
        #expect(throws: JSONValue.Flaw.self) { try parse(text).get() }
    }

    @Test func refusesDeepNesting() {
        let deep = String(repeating: "[", count: 100_000)
        let flaw = #expect(throws: JSONValue.Flaw.self) { try parse(deep).get() }
        #expect(flaw?.description == "is nested deeper than 64 at byte 64")
    }

    @Test(arguments: UInt64(0)..<300)
    func readsWhatItWrites(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let value = JSONValue.random(depth: 4, &generator)
        #expect(try parse(value.text).get() == value)
        let sorted = try parse(value.canonicalText).get()
        #expect(sorted.canonicalText == value.canonicalText)
    }

    @Test func writesOneCanonicalText_whateverTheOrderOfMembers() {
        let a: JSONValue = ["b": 1, "a": [true, nil_, 0.5], "é": "\u{1}\n\"\\"]
        let b: JSONValue = ["é": "\u{1}\n\"\\", "a": [true, nil_, 0.5], "b": 1.0]
        #expect(a.canonicalText == b.canonicalText)
        #expect(a.canonicalText == #"{"a":[true,null,0.5],"b":1,"é":"\u0001\n\"\\"}"#)
    }

    private let nil_ = JSONValue.null
}

extension JSONValue {
    /// Any value, to test what reads and checks values.
    static func random(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        let texts = ["", "a", "é", "\u{0}\u{1F}", "\"\\/", "😀\u{200D}", "null", "\u{2028}"]
        switch generator.below(depth > 0 ? 7 : 5) {
        case 0: return .null
        case 1: return .bool(generator.below(2) == 0)
        case 2: return .integer(generator.below(1 << 40) - 1 << 39)
        case 3: return .number(generator.unit() * 1e3 + 0.25)
        case 4: return .string(texts[generator.below(texts.count)])
        case 5:
            return .array(
                (0..<generator.below(4)).map { _ in random(depth: depth - 1, &generator) })
        default:
            return .object(
                (0..<generator.below(4)).map {
                    Member(name: "\($0)é", value: random(depth: depth - 1, &generator))
                })
        }
    }
}

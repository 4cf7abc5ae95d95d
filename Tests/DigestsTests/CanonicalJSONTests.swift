import Digests
import Testing

@Suite struct CanonicalJSONTests {
    struct Record: Codable, Equatable {
        var zeta: Double
        var alpha: String
        var path: [String: Int]
        var absent: Int?
    }

    @Test func sortsKeysAndKeepsSlashes() throws {
        let record = Record(zeta: 0.1, alpha: "a/b \"é\"\n", path: ["b": 2, "a": 1], absent: nil)
        let text = try CanonicalJSON.encode(record)
        #expect(text == #"{"alpha":"a/b \"é\"\n","path":{"a":1,"b":2},"zeta":0.1}"#)
        #expect(try CanonicalJSON.decode(Record.self, from: text) == record)
    }

    /// The order of keys is part of every stored digest, so it is pinned here.
    @Test func keyOrderIsThatOfTheBytes() throws {
        let keys = ["a10", "a2", "B", "b", "_", "é", "z", "A"]
        let text = try CanonicalJSON.encode(
            Dictionary(uniqueKeysWithValues: keys.map { ($0, 0) }))
        let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(text == "{" + sorted.map { "\"\($0)\":0" }.joined(separator: ",") + "}")
    }

    @Test func numbersReadBackExactly() throws {
        let numbers = [
            0.1, 1.0 / 3, 1e300, .leastNonzeroMagnitude, -0.0, 1, 123_456_789.125, Double.pi,
        ]
        let text = try CanonicalJSON.encode(numbers)
        let back = try CanonicalJSON.decode([Double].self, from: text)
        #expect(back.map(\.bitPattern) == numbers.map(\.bitPattern))
    }

    @Test func encodingTwiceGivesOneText() throws {
        let value = Dictionary(uniqueKeysWithValues: (0..<500).map { ("key\($0)", [$0: "v"]) })
        let first = try CanonicalJSON.encode(value)
        let rebuilt = Dictionary(uniqueKeysWithValues: value.shuffledByKey())
        #expect(try CanonicalJSON.encode(rebuilt) == first)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func refusesNumbersWithoutText(number: Double) {
        #expect(throws: EncodingError.self) { try CanonicalJSON.encode([number]) }
    }
}

extension Dictionary where Key == String {
    /// The pairs in an order unrelated to the one they were inserted in.
    fileprivate func shuffledByKey() -> [(Key, Value)] {
        map { ($0.key, $0.value) }.sorted {
            SHA256.digest(of: $0.0) < SHA256.digest(of: $1.0)
        }
    }
}

import Foundation
import Testing

@testable import Tokenizers

@Suite struct ReferenceParityTests {
    @Test(arguments: Fixture.families)
    func matchesReference_onTellingLines(family: String) throws {
        let fixture = try Fixture(family)
        let differences = fixture.lines.indices.compactMap(fixture.difference)
        #expect(
            differences.isEmpty,
            "\(family): \(differences.count)\n\(differences.prefix(4).joined(separator: "\n"))")
    }

    @Test(arguments: Fixture.families)
    func matchesReference_onPairs(family: String) throws {
        let tokenizer = try Tokenizer(path: "\(Fixture.folder)/\(family).json")
        for row in try Fixture.json("\(Fixture.folder)/\(family).pairs.json").array! {
            let row = row.array!
            func numbers(_ at: Int) -> [Int] { row[at].array!.map { $0.integer! } }
            let found = try tokenizer.encodePair(
                row[0].string!, row[1].string!, addSpecialTokens: true)
            #expect(found.ids == numbers(2), "\(family): \(row[0].string!.debugDescription)")
            #expect(found.typeIDs == numbers(3))
            #expect(found.specialTokensMask == numbers(4))
            #expect(found.offsets.flatMap { [$0.lowerBound, $0.upperBound] } == numbers(5))
        }
    }
}

/// Compares 10,000 lines a family with what `make_tokenizers.py --many DIR` wrote to DIR.
@Suite struct ManyLinesTests {
    static let folder = ProcessInfo.processInfo.environment["CONJECTURE_TOKENIZER_LINES"]

    @Test(.enabled(if: folder != nil), arguments: Fixture.families)
    func matchesReference_onManyLines(family: String) throws {
        let fixture = try Fixture(family, in: #require(Self.folder))
        let differences = fixture.lines.indices.compactMap(fixture.difference)
        print("\(family): \(fixture.lines.count - differences.count) of \(fixture.lines.count)")
        #expect(
            differences.isEmpty,
            "\(family): \(differences.count)\n\(differences.prefix(6).joined(separator: "\n"))")
    }
}

import Digests
import LinearAlgebra
import Testing

@testable import LanguageModels

@Suite struct BatchPartsTests {
    /// The slow twin: all bytes at once.
    private func plain(_ text: String, limit: Int) -> (lines: [String], refused: Int) {
        let all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let lines = all.filter { $0.utf8.count <= limit && !$0.allSatisfy { $0 == " " } }
        return (lines, all.count { $0.utf8.count > limit })
    }

    @Test(arguments: UInt64(0)..<200)
    func dividesLines_howeverTheirBytesCome(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limit = 1 + generator.below(12)
        let text = String(
            (0..<generator.below(200)).map { _ in
                "ab \n"[
                    "ab \n".index(
                        "ab \n".startIndex, offsetBy: generator.below(4))]
            })
        var reader = BatchLines(limit: limit)
        var lines: [[UInt8]] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 + generator.below(20))
            lines += reader.feed(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        if let last = reader.finish() { lines.append(last) }
        let expected = plain(text, limit: limit)
        #expect(lines.map { String(decoding: $0, as: UTF8.self) } == expected.lines)
        #expect(reader.refused == expected.refused)
    }

    @Test(arguments: [
        ("https://a.example/v1/x?y=1", true), ("https://A.example:443/x", true),
        ("http://a.example/x", false), ("https://b.example/x", false),
        ("https://a.example:8443/x", false), ("https://a.example.evil/x", false),
        ("https://a.example@evil.example/x", false), ("https://evil.example\\@a.example/", false),
        ("https://user:word@a.example/", false), ("/v1/x", false), ("", false),
        ("file://a.example/x", false),
    ])
    func knowsTheSameOrigin(url: String, isSame: Bool) throws {
        let origin = try #require(Origin("https://a.example/v1"))
        #expect((origin.address(like: url) != nil) == isSame)
    }

    @Test(arguments: [
        "..", "", "a/b", "a?b", "a b", "a\nb", "é", String(repeating: "a", count: 201),
    ])
    func takesNoNameThatIsAnAddress(name: String) {
        #expect(!ProviderName.isPlain(name))
    }

    @Test func aNameTellsItsBatch() {
        let name = BatchItemName.make(SHA256.digest(of: "x"), nonce: "00ff00ff00ff00ff")
        #expect(name.utf8.count <= 64)
        #expect(BatchItemName.nonce(in: name) == "00ff00ff00ff00ff")
    }

    @Test func reservesWhatFits_inTurn() async {
        let budget = Budget(caps: BudgetCaps(outputTokens: 10))
        let sizes = [4, 8, 5, 2, 1]
        let refusals = await budget.reserveWhatFits(
            sizes.map { Spending(calls: 1, outputTokens: $0) })
        #expect(refusals.map { $0 == nil } == [true, false, true, false, true])
        await budget.settle(Spending(calls: 1, outputTokens: 4), for: Spending(calls: 1))
        let again = await budget.reserveWhatFits([Spending(calls: 1, outputTokens: 4)])
        #expect(again == [nil])
    }

    @Test func correctsWhatWasCounted() async {
        let budget = Budget(caps: BudgetCaps(), spent: Spending(calls: 1, outputTokens: 100))
        await budget.correct(
            Spending(calls: 1, outputTokens: 100), to: Spending(calls: 1, outputTokens: 3))
        #expect(await budget.spent == Spending(calls: 1, outputTokens: 3))
    }
}

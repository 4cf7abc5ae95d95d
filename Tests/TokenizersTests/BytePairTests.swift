import Testing

@testable import Tokenizers

@Suite struct BytePairTests {
    /// Merges one pair at a time, looking at all of them each time.
    private func plainMerge(_ ids: [Int32], _ merges: PairTable) -> [Int32] {
        var ids = ids
        while true {
            var best: (rank: Int32, at: Int, made: Int32)?
            for at in ids.indices.dropLast() {
                guard let merge = merges[ids[at], ids[at + 1]] else { continue }
                if merge.first < best?.rank ?? .max { best = (merge.first, at, merge.second) }
            }
            guard let best else { return ids }
            ids.replaceSubrange(best.at...best.at + 1, with: [best.made])
        }
    }

    @Test(arguments: UInt64(0)..<40)
    func mergesAsThePlainLoopDoes(seed: UInt64) {
        var random = Generator(state: seed)
        var merges = PairTable(capacity: 4)
        var made: Int32 = 3
        for rank in 0..<Int32(60) {
            let a = Int32.random(in: 0..<made, using: &random)
            let b = Int32.random(in: 0..<made, using: &random)
            guard merges[a, b] == nil else { continue }
            merges.insert(a, b, PairTable.Value(first: rank, second: made))
            made += 1
        }
        for count in [1, 2, 3, 10, 24, 25, 60, 300] {
            let ids = (0..<count).map { _ in Int32.random(in: 0..<3, using: &random) }
            var chain = SymbolChain(capacity: count)
            for id in ids { chain.append(id, length: 1) }
            chain.merge(by: merges)
            var tokens: [ModelToken] = []
            chain.addTokens(to: &tokens)
            #expect(tokens.map(\.id) == plainMerge(ids, merges))
            #expect(tokens.last?.end == Int32(count))
        }
    }

    @Test func givesTheSameTokens_withAndWithoutCache() throws {
        let warm = try Fixture("llama3").tokenizer
        var random = Generator(state: 5)
        let texts = (0..<300).map { _ in random.text(30) }
        for text in texts { _ = try warm.encode(text, addSpecialTokens: false) }
        for text in texts.prefix(20) {
            let cold = try Fixture("llama3").tokenizer
            #expect(
                try warm.encode(text, addSpecialTokens: false)
                    == cold.encode(text, addSpecialTokens: false))
        }
    }

    @Test func encodesInParallelAsInSequence() async throws {
        let tokenizer = try Fixture("qwen").tokenizer
        var random = Generator(state: 8)
        let texts = (0..<200).map { _ in random.text(60) }
        let expected = try texts.map { try tokenizer.encode($0, addSpecialTokens: true) }
        try await withThrowingTaskGroup(of: (Int, Encoding).self) { group in
            for (index, text) in texts.enumerated() {
                group.addTask {
                    (index, try tokenizer.encode(text, addSpecialTokens: true))
                }
            }
            for try await (index, encoding) in group { #expect(encoding == expected[index]) }
        }
    }

    // Looking at all pairs for each merge would take minutes.
    @Test(arguments: ["gpt2", "llama2", "t5", "bert"])
    func isNotQuadratic_onOneLongWord(family: String) throws {
        let tokenizer = try Fixture(family).tokenizer
        let text = String(repeating: "abcdefghij", count: 30_000)
        let clock = ContinuousClock()
        let time = try clock.measure { _ = try tokenizer.encode(text, addSpecialTokens: false) }
        #expect(time < .seconds(5))
    }
}

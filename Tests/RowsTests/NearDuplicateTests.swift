import LinearAlgebra
import Testing

@testable import Rows

@Suite struct NearDuplicateTests {
    /// Families of texts with a few words changed, against all pairs.
    @Test(arguments: UInt64(0)..<30) func agreesWithAllPairs(seed: UInt64) {
        let texts = families(seed: seed, count: 60)
        #expect(NearDuplicates.clusters(of: texts) == slowClusters(texts))
    }

    @Test func joinsTexts_whichDifferInCaseAndMarksOnly() {
        let texts = [
            "It works — well, mostly; I'd buy it again.", "something else entirely, and longer",
            "it works well mostly I'd BUY it again!", "", ":)", ":-)", ":)",
        ]
        #expect(NearDuplicates.clusters(of: texts) == [0, 1, 0, 2, 3, 4, 3])
        #expect(NearDuplicates.clusters(of: []) == [])
    }

    /// One template filled in 3,000 times must not take quadratic time.
    @Test func staysQuick_whenManyTextsCollide() {
        let body = (0..<60).map { "word\($0)" }.joined(separator: " ")
        let texts = (0..<3_000).map { i in
            "\(i) \(i * 7) \(i * 13) \(i % 97) \(i * 3) \(i + 1) \(i * 31) " + body
        }
        let clock = ContinuousClock()
        let time = clock.measure { _ = NearDuplicates.clusters(of: texts) }
        #expect(time < .seconds(10))
    }

    private func families(seed: UInt64, count: Int) -> [String] {
        var generator = SeededGenerator(seed: seed)
        func words(_ count: Int) -> [String] {
            (0..<count).map { _ in "w\(generator.below(400))" }
        }
        var texts: [[String]] = []
        while texts.count < count {
            if texts.isEmpty || generator.below(3) == 0 {
                texts.append(words(generator.below(60)))
            } else {
                var text = texts[generator.below(texts.count)]
                for _ in 0..<generator.below(4) where !text.isEmpty {
                    text[generator.below(text.count)] = "w\(generator.below(400))"
                }
                if generator.below(4) == 0 { text += words(generator.below(6)) }
                texts.append(text)
            }
        }
        return texts.map { $0.joined(separator: " ") }
    }

    /// Sets of five-word runs as texts, every pair compared, connected parts by repainting.
    private func slowClusters(_ texts: [String]) -> [Int] {
        let sets = texts.map { text -> Set<String> in
            let words = text.split(separator: " ")
            guard words.count > 5 else { return [text] }
            return Set((0...words.count - 5).map { words[$0..<$0 + 5].joined(separator: " ") })
        }
        var colour = Array(texts.indices)
        for i in texts.indices {
            for j in 0..<i where colour[i] != colour[j] {
                let both = Double(sets[i].intersection(sets[j]).count)
                guard both / Double(sets[i].union(sets[j]).count) >= 0.8 else { continue }
                let (old, new) = (max(colour[i], colour[j]), min(colour[i], colour[j]))
                for k in texts.indices where colour[k] == old { colour[k] = new }
            }
        }
        var numbers: [Int: Int] = [:]
        return colour.map { value in
            let number = numbers[value] ?? numbers.count
            numbers[value] = number
            return number
        }
    }
}

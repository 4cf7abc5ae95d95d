import LinearAlgebra
import Testing
import Tools

@testable import Mining

@Suite struct LexiconInducerTests {
    private let fillers = [
        "stone", "lamp", "window", "river", "table", "garden", "basket", "corner",
    ]

    /// Texts of which some hold words of one theme, on which the target depends, or not.
    private func texts(_ seed: UInt64, effect: Double) -> (texts: [String], target: [Double]) {
        var generator = SeededGenerator(seed: seed)
        var texts: [String] = []
        var target: [Double] = []
        for _ in 0..<240 {
            var words = (0..<Int.random(in: 15...60, using: &generator)).map { _ in
                fillers[Int.random(in: 0..<fillers.count, using: &generator)]
            }
            let isAboutShips = Bool.random(using: &generator)
            if isAboutShips {
                for word in ["anchor", "sail", "captain", "rudder"]
                where Double.random(in: 0..<1, using: &generator) < 0.7 {
                    words.insert(word, at: Int.random(in: 0...words.count, using: &generator))
                }
            }
            texts.append(words.joined(separator: " "))
            target.append(
                (isAboutShips ? effect : 0) + Double.random(in: -1...1, using: &generator))
        }
        return (texts, target)
    }

    @Test(arguments: UInt64(0)..<10) func findsTheThemeThatDrivesTheTarget(seed: UInt64) throws {
        let (texts, target) = texts(seed, effect: 1)
        let tools = LexiconInducer(texts: texts).propose(target: target, round: 0)
        let theme = try #require(tools.first { $0.name.hasPrefix("theme-") })
        guard case .expression(let source) = theme.kind else {
            Issue.record("\(theme) is no expression")
            return
        }
        for word in ["anchor", "sail", "captain", "rudder"] { #expect(source.contains(word)) }
    }

    @Test func proposesTheSameForTheSame_andReadsWhatItWrites() throws {
        let (texts, target) = texts(3, effect: 0.5)
        let inducer = LexiconInducer(texts: texts)
        for round in 0...2 {
            let tools = inducer.propose(target: target, round: round)
            #expect(tools == LexiconInducer(texts: texts).propose(target: target, round: round))
            for tool in tools {
                guard case .expression(let source) = tool.kind else { continue }
                _ = try TextExpression(source)
            }
        }
    }

    /// A long text holds more of every word: the presence of a word alone must not speak for it.
    @Test(arguments: UInt64(0)..<10) func lengthAloneMakesNoWordTelling(seed: UInt64) {
        let (texts, _) = texts(seed, effect: 0)
        let terms = DocumentTerms(texts)
        let lengths = texts.map { Double(DocumentTerms.words(of: $0).count) }
        let association = TermAssociation(terms, target: lengths, lengths: lengths)
        #expect(association.scores.allSatisfy { abs($0) < 1e-6 })
    }
}

import Foundation
import LinearAlgebra
import Testing
import Texts

@testable import Explaining

@Suite struct TextPassagesTests {
    @Test func cutsAfterSentences_asLateAsTheLimitAllows() {
        let text = "Mr. Reed came in. \"Was it you?\" he asked.\nNo answer came to him, ever."
        #expect(
            TextPassages.cut(text, limit: 12)
                == ["Mr. Reed came in. \"Was it you?\"", "he asked.\nNo answer came to him, ever."])
        #expect(
            TextPassages.cut(text, limit: 7)
                == [
                    "Mr. Reed came in.", "\"Was it you?\"", "he asked.\n",
                    "No answer came to him, ever",
                    ".",
                ])
        #expect(TextPassages.cut(text, limit: 100) == [text])
        #expect(TextPassages.cut(" \n\t ", limit: 5) == ["\n"])
        #expect(TextPassages.cut("", limit: 5).isEmpty)
    }

    @Test(arguments: UInt64(0)..<200)
    func losesNoUnit_andPassesNoLimit(seed: UInt64) {
        let pieces = [
            "word", "Error", ".", "!", "\n", " ", "  ", "🙂", "مرحبا", "<b>", "\"", "…", "日本",
            "\r\n",
            "3.14", "e\u{301}", "don't",
        ]
        var generator = SeededGenerator(seed: seed, stream: 1)
        let text = (0..<60).map { _ in pieces[generator.below(pieces.count)] }.joined()
        let limit = 1 + generator.below(20)
        let passages = TextPassages.cut(text, limit: limit)
        let whole = TextUnits(text).units
        var start = text.startIndex
        for passage in passages {
            guard let place = text.range(of: passage, range: start..<text.endIndex) else {
                Issue.record("\(passage.debugDescription) is not a piece of what is left")
                return
            }
            #expect(text[start..<place.lowerBound].allSatisfy { $0.isWhitespace && !$0.isNewline })
            let low = text.utf8.distance(from: text.startIndex, to: place.lowerBound)
            let high = text.utf8.distance(from: text.startIndex, to: place.upperBound)
            #expect(
                whole.count { low <= $0.bytes.lowerBound && $0.bytes.upperBound <= high } <= limit)
            start = place.upperBound
        }
        #expect(text[start...].allSatisfy { $0.isWhitespace && !$0.isNewline })
    }
}

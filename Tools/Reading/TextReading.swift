/// What was read in a text, or a part of it: its words, sentences and counts, in one pass.
struct TextReading {
    private(set) var words: [WordSpan] = []
    private(set) var range = 0..<0
    private(set) var counts = TextCounts()

    /// - Complexity: O(n) in the scalars of `range`.
    ///
    /// - Parameters:
    ///   - countsSyllables: whether a fact needs every word's syllables.
    ///   - vocabulary: counts different words where there is one.
    mutating func read(
        _ text: TextScalars, in range: Range<Int>, countsSyllables: Bool,
        vocabulary: inout Vocabulary?
    ) {
        words.removeAll(keepingCapacity: true)
        self.range = range
        counts = TextCounts()
        counts.characters = range.count
        text.symbols.withUnsafeBufferPointer { symbols in
            text.folded.withUnsafeBufferPointer { folded in
                Symbol.kinds.withUnsafeBufferPointer { kinds in
                    var pass = ReadingPass(
                        symbols: symbols, folded: folded, kinds: kinds, end: range.upperBound)
                    pass.run(from: range.lowerBound, words: &words, counts: &counts)
                }
            }
        }
        if countsSyllables { countSyllables(text) }
        if vocabulary != nil {
            vocabulary?.clear(forWordCount: words.count)
            for word in words { vocabulary?.insert(word.hash) }
            counts.distinctWords = vocabulary?.distinctCount ?? 0
            counts.singleWords = vocabulary?.singleCount ?? 0
        }
    }

    private mutating func countSyllables(_ text: TextScalars) {
        text.folded.withUnsafeBufferPointer { folded in
            for word in words {
                let count = Syllables.count(folded[word.start..<word.end])
                counts.syllables += count
                if count >= 3 { counts.complexWords += 1 }
            }
        }
    }

    /// The scalars of a window's part of this reading.
    func range(of window: TextWindow) -> Range<Int> {
        switch window {
        case .first(let count):
            count < words.count ? range.lowerBound..<words[count].start : range
        case .last(let count):
            count < words.count
                ? words[words.count - count].start..<range.upperBound : range
        }
    }
}

/// Plain counts of a stretch of text.
struct TextCounts {
    var characters = 0
    var letters = 0
    var capitals = 0
    var digits = 0
    var spaces = 0
    var punctuation = 0
    var exclamations = 0
    var questions = 0
    var commas = 0
    var symbols = 0
    var words = 0
    var wordCharacters = 0
    var longWords = 0
    var shortWords = 0
    var complexWords = 0
    var capitalisedWords = 0
    var capitalWords = 0
    var numbers = 0
    var longestWord = 0
    var syllables = 0
    var distinctWords = 0
    var singleWords = 0
    var sentences = 0
    var longestSentence = 0
    var shortestSentence = Int.max
    /// Of the sentences' lengths in words.
    var squaredLengths = 0
    var paragraphs = 0
    var lines = 0
}

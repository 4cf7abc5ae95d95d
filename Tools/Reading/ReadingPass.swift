/// One pass over a stretch of text.
struct ReadingPass {
    let symbols: UnsafeBufferPointer<UInt8>
    let folded: UnsafeBufferPointer<UInt32>
    let kinds: UnsafeBufferPointer<Symbol.Kind>
    let end: Int

    private var sentenceWords = 0
    private var lineHasInk = false
    private var paragraphHasInk = false
    private var lineBreaks = 0

    init(
        symbols: UnsafeBufferPointer<UInt8>, folded: UnsafeBufferPointer<UInt32>,
        kinds: UnsafeBufferPointer<Symbol.Kind>, end: Int
    ) {
        self.symbols = symbols
        self.folded = folded
        self.kinds = kinds
        self.end = end
    }

    mutating func run(from start: Int, words: inout [WordSpan], counts: inout TextCounts) {
        var i = start
        while i < end {
            let kind = kinds[Int(symbols[i])]
            if kind.contains(.space) {
                counts.spaces += 1
                if symbols[i] == UInt8(ascii: "\n") { breakLine(&counts) }
                i += 1
                continue
            }
            ink()
            if kind.rawValue & Symbol.Kind.word.rawValue != 0 {
                i = word(from: i, &words, &counts)
            } else {
                mark(at: i, kind, &counts)
                i += 1
            }
        }
        closeSentence(&counts)
        if lineHasInk { counts.lines += 1 }
        if paragraphHasInk { counts.paragraphs += 1 }
    }

    private mutating func ink() {
        lineHasInk = true
        paragraphHasInk = true
        lineBreaks = 0
    }

    private mutating func breakLine(_ counts: inout TextCounts) {
        if lineHasInk { counts.lines += 1 }
        lineHasInk = false
        lineBreaks += 1
        guard lineBreaks == 2 else { return }
        closeSentence(&counts)
        if paragraphHasInk { counts.paragraphs += 1 }
        paragraphHasInk = false
    }

    private mutating func closeSentence(_ counts: inout TextCounts) {
        guard sentenceWords > 0 else { return }
        counts.sentences += 1
        counts.longestSentence = max(counts.longestSentence, sentenceWords)
        counts.shortestSentence = min(counts.shortestSentence, sentenceWords)
        counts.squaredLengths += sentenceWords * sentenceWords
        sentenceWords = 0
    }

    private mutating func mark(at i: Int, _ kind: Symbol.Kind, _ counts: inout TextCounts) {
        let symbol = symbols[i]
        if kind.contains(.punctuation) { counts.punctuation += 1 } else { counts.symbols += 1 }
        switch symbol {
        case UInt8(ascii: "!"): counts.exclamations += 1
        case UInt8(ascii: "?"): counts.questions += 1
        case UInt8(ascii: ","): counts.commas += 1
        default: break
        }
        if Self.isTerminator(symbol), endsSentence(at: i) { closeSentence(&counts) }
    }

    private static func isTerminator(_ symbol: UInt8) -> Bool {
        symbol == UInt8(ascii: ".") || symbol == UInt8(ascii: "!") || symbol == UInt8(ascii: "?")
    }

    /// Whether white space or the end comes after this terminator and any closing marks, and no
    /// small letter goes on after a point.
    private func endsSentence(at i: Int) -> Bool {
        var j = i + 1
        // A handful of closing marks at most, so that the pass stays linear.
        while j < end, j < i + 4, Self.closing.contains(symbols[j]) { j += 1 }
        guard j < end else { return true }
        guard kinds[Int(symbols[j])].contains(.space) else { return false }
        guard symbols[i] == UInt8(ascii: ".") else { return true }
        while j < end, kinds[Int(symbols[j])].contains(.space) { j += 1 }
        guard j < end else { return true }
        let next = kinds[Int(symbols[j])]
        return !next.contains(.letter) || next.contains(.capital)
    }

    private static let closing: [UInt8] = Array("\"')]".utf8)

    /// Reads the word that begins at `start`; returns where it ends.
    private mutating func word(
        from start: Int, _ words: inout [WordSpan], _ counts: inout TextCounts
    ) -> Int {
        var (i, hash) = (start, WordSpan.hashSeed)
        var (letters, capitals, digits) = (0, 0, 0)
        while i < end {
            let kind = kinds[Int(symbols[i])]
            if kind.contains(.letter) {
                letters += 1
                if kind.contains(.capital) { capitals += 1 }
            } else if kind.contains(.digit) {
                digits += 1
            } else if symbols[i] == UInt8(ascii: "'"), i + 1 < end,
                kinds[Int(symbols[i + 1])].contains(.letter)
            {
                counts.punctuation += 1
            } else {
                break
            }
            hash = WordSpan.mix(hash, folded[i])
            i += 1
        }
        words.append(WordSpan(start: start, end: i, sentence: counts.sentences, hash: hash))
        counts.words += 1
        counts.letters += letters
        counts.capitals += capitals
        counts.digits += digits
        counts.wordCharacters += letters + digits
        counts.longestWord = max(counts.longestWord, letters + digits)
        if letters + digits >= 7 { counts.longWords += 1 }
        if letters + digits <= 3 { counts.shortWords += 1 }
        if digits > 0 { counts.numbers += 1 }
        if letters > 1, digits == 0, capitals == letters {
            counts.capitalWords += 1
        } else if sentenceWords > 0, i - start > 1, kinds[Int(symbols[start])].contains(.capital) {
            counts.capitalisedWords += 1
        }
        sentenceWords += 1
        return i
    }
}

/// What to search for in one part of a text: the sources of all expressions of a batch, each once.
struct HitPlan: Sendable {
    private(set) var sources: [HitSource] = []
    private var words = WordTable([])
    /// The sources that count a word, by its number in the table.
    private var wordSources: [[Int32]] = []
    private var phrases: [[Phrase]] = []
    private var stems = WordTable([])
    private var stemSources: [[Int32]] = []
    /// Bit k: some stem has k letters.
    private var stemLengths: UInt64 = 0
    private var literals: [(source: Int, text: [UInt32])] = []
    private var patterns: [(source: Int, pattern: Pattern)] = []

    /// A phrase by the words after its first.
    private struct Phrase: Sendable {
        let rest: [Int32]
        let source: Int32
    }

    init(_ sources: [HitSource]) {
        self.sources = sources
        let lists = sources.map(Self.list)
        words = WordTable(lists.flatMap { $0.words + $0.phrases.flatMap { $0 } })
        stems = WordTable(lists.flatMap(\.stems))
        let wordCount = lists.reduce(0) {
            $0 + $1.words.count + $1.phrases.reduce(0) { $0 + $1.count }
        }
        wordSources = [[Int32]](repeating: [], count: wordCount)
        phrases = [[Phrase]](repeating: [], count: wordCount)
        stemSources = [[Int32]](repeating: [], count: lists.reduce(0) { $0 + $1.stems.count })
        for (source, list) in lists.enumerated() { add(list, source) }
        for (index, source) in sources.enumerated() { add(source, index) }
        for number in phrases.indices { phrases[number].sort { $0.rest.count > $1.rest.count } }
    }

    private static func list(_ source: HitSource) -> WordList {
        switch source {
        case .words(let entries): WordList(entries)
        case .lexicon(let name): WordList(Lexicon.named(name)?.entries ?? [])
        case .literals, .named, .pattern: WordList([])
        }
    }

    private mutating func add(_ list: WordList, _ source: Int) {
        for word in list.words {
            if let number = words.number(of: word) { wordSources[number].append(Int32(source)) }
        }
        for phrase in list.phrases {
            let numbers = phrase.compactMap { words.number(of: $0) }
            phrases[numbers[0]].append(
                Phrase(rest: numbers.dropFirst().map { Int32($0) }, source: Int32(source)))
        }
        for stem in list.stems {
            guard let number = stems.number(of: stem) else { continue }
            stemSources[number].append(Int32(source))
            stemLengths |= 1 << UInt64(min(63, WordList.folded(stem).count))
        }
    }

    private mutating func add(_ source: HitSource, _ index: Int) {
        switch source {
        case .words, .lexicon: break
        case .literals(let texts):
            for text in texts { literals.append((index, WordList.folded(text))) }
        case .named(let name):
            addPattern(NamedPatterns.shipped.entry(name)?.source ?? "", index)
        case .pattern(let source): addPattern(source, index)
        }
    }

    /// The parser has read every pattern once, so that reading it again cannot fail.
    private mutating func addPattern(_ source: String, _ index: Int) {
        if let pattern = try? Pattern(source) { patterns.append((index, pattern)) }
    }

    /// Counts the hits of every source in what was read.
    func count(_ text: TextScalars, _ reading: TextReading, into hits: inout HitCounts) {
        hits.clear(sourceCount: sources.count)
        if !words.isEmpty || stemLengths != 0 { countWords(text, reading, &hits) }
        for (source, literal) in literals { count(literal, source, text, reading.range, &hits) }
        text.symbols.withUnsafeBufferPointer { symbols in
            for (source, pattern) in patterns {
                pattern.matches(symbols, in: reading.range) { hits.add(source, $0) }
            }
        }
    }

    private func countWords(
        _ text: TextScalars, _ reading: TextReading, _ hits: inout HitCounts
    ) {
        hits.numbers.removeAll(keepingCapacity: true)
        for word in reading.words {
            let number = words.find(word.hash, text.folded[word.start..<word.end])
            hits.numbers.append(Int32(number ?? -1))
        }
        for (index, word) in reading.words.enumerated() {
            let number = Int(hits.numbers[index])
            guard number >= 0 else {
                if stemLengths != 0 { countStems(text, word, index, &hits) }
                continue
            }
            // The longest entry first: a word counts once for a source.
            for phrase in phrases[number] where matches(phrase, at: index, reading, hits) {
                let last = index + phrase.rest.count
                hits.add(
                    Int(phrase.source), word.start..<reading.words[last].end, words: index...last)
            }
            for source in wordSources[number] {
                hits.add(Int(source), word.start..<word.end, words: index...index)
            }
            if stemLengths != 0 { countStems(text, word, index, &hits) }
        }
    }

    private func matches(
        _ phrase: Phrase, at index: Int, _ reading: TextReading, _ hits: HitCounts
    ) -> Bool {
        let last = index + phrase.rest.count
        guard last < reading.words.count,
            reading.words[last].sentence == reading.words[index].sentence
        else { return false }
        for (k, number) in phrase.rest.enumerated() where hits.numbers[index + 1 + k] != number {
            return false
        }
        return true
    }

    private func countStems(
        _ text: TextScalars, _ word: WordSpan, _ index: Int, _ hits: inout HitCounts
    ) {
        var hash = WordSpan.hashSeed
        for length in 1...max(1, min(63, word.end - word.start)) {
            hash = WordSpan.mix(hash, text.folded[word.start + length - 1])
            guard stemLengths >> UInt64(length) & 1 == 1,
                let stem = stems.find(hash, text.folded[word.start..<word.start + length])
            else { continue }
            for source in stemSources[stem] {
                hits.add(Int(source), word.start..<word.end, words: index...index)
            }
        }
    }

    private func count(
        _ literal: [UInt32], _ source: Int, _ text: TextScalars, _ range: Range<Int>,
        _ hits: inout HitCounts
    ) {
        text.folded.withUnsafeBufferPointer { folded in
            literal.withUnsafeBufferPointer { literal in
                var i = range.lowerBound
                while i + literal.count <= range.upperBound {
                    if folded[i] == literal[0], Self.stands(literal, in: folded, at: i) {
                        hits.add(source, i..<i + literal.count)
                        i += literal.count
                    } else {
                        i += 1
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func stands(
        _ literal: UnsafeBufferPointer<UInt32>, in folded: UnsafeBufferPointer<UInt32>, at i: Int
    ) -> Bool {
        for k in 0..<literal.count where folded[i + k] != literal[k] { return false }
        return true
    }
}

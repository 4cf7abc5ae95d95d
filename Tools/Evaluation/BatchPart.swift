/// One window of a text as the expressions of a batch see it.
struct BatchPart: Sendable {
    /// Nil: the whole text.
    let window: TextWindow?
    let plan: HitPlan
    let countsSyllables: Bool
    var vocabulary: Vocabulary?
    var reading = TextReading()
    var hits = HitCounts()

    init(window: TextWindow?, sources: [HitSource], facts: Set<TextFact>) {
        self.window = window
        plan = HitPlan(sources)
        countsSyllables = facts.contains(where: \.needsSyllables)
        vocabulary = facts.contains(where: \.needsVocabulary) ? Vocabulary() : nil
    }

    mutating func read(_ text: TextScalars, in range: Range<Int>) {
        reading.read(text, in: range, countsSyllables: countsSyllables, vocabulary: &vocabulary)
        plan.count(text, reading, into: &hits)
    }

    func position(of source: Int) -> Double {
        let first = hits.firsts[source]
        guard first >= 0 else { return .nan }
        return Double(first - reading.range.lowerBound) / Double(max(1, reading.range.count - 1))
    }

    /// Whether the window begins with one of the texts, white space aside.
    func starts(_ text: TextScalars, with list: [[UInt32]]) -> Bool {
        let ink = ink(text)
        return list.contains { $0.count <= ink.count && text.folded[ink].starts(with: $0) }
    }

    func ends(_ text: TextScalars, with list: [[UInt32]]) -> Bool {
        let ink = ink(text)
        return list.contains {
            $0.count <= ink.count && text.folded[ink].suffix($0.count).elementsEqual($0)
        }
    }

    private func ink(_ text: TextScalars) -> Range<Int> {
        var (low, high) = (reading.range.lowerBound, reading.range.upperBound)
        while low < high, Symbol.kinds[Int(text.symbols[low])].contains(.space) { low += 1 }
        while low < high, Symbol.kinds[Int(text.symbols[high - 1])].contains(.space) { high -= 1 }
        return low..<high
    }
}

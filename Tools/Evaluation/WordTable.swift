/// Distinct words, found by hash and compared in full, so that a collision changes nothing.
struct WordTable: Sendable {
    private var slots: [Int32]
    private var hashes: [UInt64] = []
    private var scalars: [[UInt32]] = []

    init(_ words: [String]) {
        var capacity = 16
        while capacity < 3 * words.count { capacity *= 2 }
        slots = [Int32](repeating: -1, count: capacity)
        for word in words { insert(WordList.folded(word)) }
    }

    var isEmpty: Bool { hashes.isEmpty }

    private mutating func insert(_ word: [UInt32]) {
        let hash = word.reduce(WordSpan.hashSeed, WordSpan.mix)
        guard find(hash, word[...]) == nil else { return }
        var slot = home(hash)
        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(hashes.count)
        hashes.append(hash)
        scalars.append(word)
    }

    private func home(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash ^ (hash >> 29)) & (slots.count - 1)
    }

    /// The number of the word with this hash and these scalars, in the order of insertion.
    @inline(__always)
    func find(_ hash: UInt64, _ word: ArraySlice<UInt32>) -> Int? {
        var slot = home(hash)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if hashes[number] == hash, scalars[number].elementsEqual(word) { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    func number(of word: String) -> Int? {
        let folded = WordList.folded(word)
        return find(folded.reduce(WordSpan.hashSeed, WordSpan.mix), folded[...])
    }
}

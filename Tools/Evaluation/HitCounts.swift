/// How often each source of a plan was found, and where first.
struct HitCounts {
    private(set) var counts: [Int] = []
    /// The first scalar of the first hit; -1 without one.
    private(set) var firsts: [Int] = []
    /// The last word that a source counted.
    private var lastWords: [Int] = []
    /// The words' numbers in the plan's table; -1 for others. Kept here to be reused.
    var numbers: [Int32] = []
    /// The stretches of scalars that counted, when they are wanted.
    var marks: [Range<Int>]?

    mutating func clear(sourceCount: Int) {
        guard counts.count == sourceCount else {
            counts = [Int](repeating: 0, count: sourceCount)
            firsts = [Int](repeating: -1, count: sourceCount)
            lastWords = [Int](repeating: -1, count: sourceCount)
            return
        }
        for source in 0..<sourceCount {
            counts[source] = 0
            firsts[source] = -1
            lastWords[source] = -1
        }
    }

    mutating func add(_ source: Int, _ range: Range<Int>) {
        counts[source] += 1
        if firsts[source] < 0 || range.lowerBound < firsts[source] {
            firsts[source] = range.lowerBound
        }
        marks?.append(range)
    }

    /// A hit that takes up some words; no two hits of a source share a word.
    mutating func add(_ source: Int, _ range: Range<Int>, words: ClosedRange<Int>) {
        guard words.lowerBound > lastWords[source] else { return }
        lastWords[source] = words.upperBound
        add(source, range)
    }
}

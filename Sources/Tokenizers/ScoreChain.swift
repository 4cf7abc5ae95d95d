/// Symbols that merge by the highest score first, of equal ones the leftmost.
struct ScoreChain {
    private struct Symbol {
        var id: Int32
        var previous: Int
        var next: Int
        /// Counts the merges, so that older candidates can be told.
        var version = 0
        var isGone = false
    }

    private struct Candidate: MergeCandidate {
        var score: Float
        var at: Int
        var made: Int32
        var leftVersion: Int
        var right: Int
        var rightVersion: Int

        func comes(before other: Candidate) -> Bool {
            score != other.score ? score > other.score : at < other.at
        }
    }

    private var symbols: [Symbol]
    private var heap = MergeHeap<Candidate>()

    init(_ ids: [Int32]) {
        symbols = ids.enumerated().map { at, id in
            Symbol(id: id, previous: at - 1, next: at + 1 < ids.count ? at + 1 : -1)
        }
    }

    var ids: [Int] { symbols.filter { !$0.isGone }.map { Int($0.id) } }

    mutating func merge(_ product: (Int32, Int32) -> (Int32, Float)?) {
        for at in symbols.indices { consider(at, product) }
        while let top = heap.pop() {
            guard !symbols[top.at].isGone, symbols[top.at].next == top.right,
                symbols[top.at].version == top.leftVersion,
                symbols[top.right].version == top.rightVersion
            else { continue }
            let next = symbols[top.right].next
            symbols[top.at].id = top.made
            symbols[top.at].version += 1
            symbols[top.at].next = next
            symbols[top.right].isGone = true
            if next >= 0 { symbols[next].previous = top.at }
            if symbols[top.at].previous >= 0 { consider(symbols[top.at].previous, product) }
            consider(top.at, product)
        }
    }

    private mutating func consider(_ at: Int, _ product: (Int32, Int32) -> (Int32, Float)?) {
        let next = symbols[at].next
        guard next >= 0, let (made, score) = product(symbols[at].id, symbols[next].id) else {
            return
        }
        heap.push(
            Candidate(
                score: score, at: at, made: made, leftVersion: symbols[at].version, right: next,
                rightVersion: symbols[next].version))
    }
}

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

    private struct Candidate {
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
    private var heap: [Candidate] = []

    init(_ ids: [Int32]) {
        symbols = ids.enumerated().map { at, id in
            Symbol(id: id, previous: at - 1, next: at + 1 < ids.count ? at + 1 : -1)
        }
    }

    var ids: [Int] { symbols.filter { !$0.isGone }.map { Int($0.id) } }

    mutating func merge(_ product: (Int32, Int32) -> (Int32, Float)?) {
        for at in symbols.indices { consider(at, product) }
        while let top = pop() {
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
        push(
            Candidate(
                score: score, at: at, made: made, leftVersion: symbols[at].version, right: next,
                rightVersion: symbols[next].version))
    }

    private mutating func push(_ candidate: Candidate) {
        heap.append(candidate)
        var at = heap.count - 1
        while at > 0, heap[at].comes(before: heap[(at - 1) / 2]) {
            heap.swapAt(at, (at - 1) / 2)
            at = (at - 1) / 2
        }
    }

    private mutating func pop() -> Candidate? {
        guard let top = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return top }
        heap[0] = last
        var at = 0
        while true {
            var best = at
            for child in [2 * at + 1, 2 * at + 2] where child < heap.count {
                if heap[child].comes(before: heap[best]) { best = child }
            }
            guard best != at else { return top }
            heap.swapAt(at, best)
            at = best
        }
    }
}

/// The symbols of a word as byte-pair encoding merges them: a linked list, and the merges that are
/// possible by rank.
struct SymbolChain {
    private struct Symbol {
        var id: Int32
        /// In bytes; 0 once it is part of the symbol before it.
        var length: Int32
        var previous: Int32
        var next: Int32
    }

    private struct Candidate: MergeCandidate {
        var rank: Int32
        var at: Int32
        var made: Int32

        func comes(before other: Candidate) -> Bool {
            rank != other.rank ? rank < other.rank : at < other.at
        }
    }

    private var symbols: [Symbol] = []
    private var heap = MergeHeap<Candidate>()

    init(capacity: Int) { symbols.reserveCapacity(capacity) }

    mutating func append(_ id: Int32, length: Int) {
        let at = Int32(symbols.count)
        if at > 0 { symbols[Int(at) - 1].next = at }
        symbols.append(Symbol(id: id, length: Int32(length), previous: at - 1, next: -1))
    }

    /// Merges until nothing is left to merge: the lowest rank first, of equal ones the leftmost.
    mutating func merge(by merges: PairTable) {
        guard symbols.count > 1 else { return }
        if symbols.count <= 24 { return mergeShort(by: merges) }
        for at in 0..<symbols.count - 1 { consider(Int32(at), merges) }
        while let top = heap.pop() {
            let left = symbols[Int(top.at)]
            guard left.length > 0, left.next >= 0 else { continue }
            let right = symbols[Int(left.next)]
            guard merges[left.id, right.id]?.second == top.made else { continue }
            symbols[Int(top.at)].id = top.made
            symbols[Int(top.at)].length += right.length
            symbols[Int(top.at)].next = right.next
            symbols[Int(left.next)].length = 0
            if right.next >= 0 { symbols[Int(right.next)].previous = top.at }
            if left.previous >= 0 { consider(left.previous, merges) }
            consider(top.at, merges)
        }
        symbols.removeAll { $0.length == 0 }
    }

    private mutating func consider(_ at: Int32, _ merges: PairTable) {
        let left = symbols[Int(at)]
        guard left.next >= 0, let merge = merges[left.id, symbols[Int(left.next)].id] else {
            return
        }
        heap.push(Candidate(rank: merge.first, at: at, made: merge.second))
    }

    /// For a short word it is faster to look through all ranks each time. The fields `previous`
    /// and `next` hold the rank and the product of the merge with the next symbol.
    private mutating func mergeShort(by merges: PairTable) {
        func rank(_ at: Int) {
            let merge =
                at + 1 < symbols.count ? merges[symbols[at].id, symbols[at + 1].id] : nil
            symbols[at].previous = merge?.first ?? .max
            symbols[at].next = merge?.second ?? -1
        }
        for at in symbols.indices { rank(at) }
        while true {
            var best = 0
            for at in symbols.indices where symbols[at].previous < symbols[best].previous {
                best = at
            }
            guard symbols[best].previous < .max else { return }
            symbols[best].id = symbols[best].next
            symbols[best].length += symbols[best + 1].length
            symbols.remove(at: best + 1)
            rank(best)
            if best > 0 { rank(best - 1) }
        }
    }

    func addTokens(to tokens: inout [ModelToken]) {
        var at: Int32 = 0
        for symbol in symbols {
            tokens.append(ModelToken(id: symbol.id, start: at, end: at + symbol.length))
            at += symbol.length
        }
    }
}

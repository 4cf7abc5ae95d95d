/// A merge that may be made, in the order in which merges are.
protocol MergeCandidate {
    func comes(before other: Self) -> Bool
}

/// Candidates as a binary heap: the first in their order is taken out first.
struct MergeHeap<Candidate: MergeCandidate> {
    private var items: [Candidate] = []

    mutating func push(_ candidate: Candidate) {
        items.append(candidate)
        var at = items.count - 1
        while at > 0 {
            let parent = (at - 1) / 2
            guard items[at].comes(before: items[parent]) else { return }
            items.swapAt(at, parent)
            at = parent
        }
    }

    mutating func pop() -> Candidate? {
        guard let top = items.first, let last = items.popLast() else { return nil }
        guard !items.isEmpty else { return top }
        items[0] = last
        var at = 0
        while true {
            var best = at
            for child in [2 * at + 1, 2 * at + 2] where child < items.count {
                if items[child].comes(before: items[best]) { best = child }
            }
            guard best != at else { return top }
            items.swapAt(at, best)
            at = best
        }
    }
}

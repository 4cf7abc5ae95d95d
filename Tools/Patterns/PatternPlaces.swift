/// A pattern as places and what may follow each: the position automaton.
///
/// - Source: Glushkov, "The abstract theory of automata", 1961.
struct PatternPlaces {
    private(set) var sets: [SymbolSet] = []
    private(set) var followers: [Set<Int>] = []

    /// Where a part of a pattern may begin and end, and whether it may be empty.
    struct Part {
        var first: Set<Int> = []
        var last: Set<Int> = []
        var isEmpty = true
    }

    private(set) var whole = Part()

    init(_ node: PatternNode) {
        whole = add(node)
    }

    private mutating func add(_ node: PatternNode) -> Part {
        switch node {
        case .empty: return Part()
        case .set(let set):
            sets.append(set)
            followers.append([])
            let place = sets.count - 1
            return Part(first: [place], last: [place], isEmpty: false)
        case .sequence(let nodes):
            return nodes.reduce(Part()) { part, node in join(part, add(node)) }
        case .choice(let nodes):
            var part = Part(isEmpty: false)
            for node in nodes {
                let branch = add(node)
                part.first.formUnion(branch.first)
                part.last.formUnion(branch.last)
                part.isEmpty = part.isEmpty || branch.isEmpty
            }
            return part
        case .repetition(let node, let least, let most):
            return addRepetition(of: node, least: least, most: most)
        }
    }

    private mutating func join(_ a: Part, _ b: Part) -> Part {
        for place in a.last { followers[place].formUnion(b.first) }
        return Part(
            first: a.isEmpty ? a.first.union(b.first) : a.first,
            last: b.isEmpty ? a.last.union(b.last) : b.last, isEmpty: a.isEmpty && b.isEmpty)
    }

    private mutating func addRepetition(of node: PatternNode, least: Int, most: Int?) -> Part {
        var part = Part()
        for k in 1...max(most ?? least, 1) {
            var copy = add(node)
            if k > least { copy.isEmpty = true }
            if most == nil, k == max(least, 1) {
                for place in copy.last { followers[place].formUnion(copy.first) }
            }
            part = join(part, copy)
        }
        return part
    }
}

/// Sets that only ever merge (Tarjan 1975), with path halving; the least member names a set.
struct UnionFind {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    /// The least member of the set that `member` is in.
    mutating func root(_ member: Int) -> Int {
        var at = member
        while parents[at] != at {
            parents[at] = parents[parents[at]]
            at = parents[at]
        }
        return at
    }

    mutating func join(_ a: Int, _ b: Int) {
        let (a, b) = (root(a), root(b))
        parents[max(a, b)] = min(a, b)
    }

    /// The set of each member, numbered from 0 by least member.
    mutating func numbers() -> [Int] {
        var result: [Int] = []
        var count = 0
        for member in parents.indices {
            let root = root(member)
            if root == member {
                result.append(count)
                count += 1
            } else {
                result.append(result[root])
            }
        }
        return result
    }
}

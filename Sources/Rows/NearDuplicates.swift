/// Finds texts that say almost the same, so that they never come to stand in two roles.
///
/// Two texts are near-duplicates when their sets of five-word runs have a Jaccard similarity of at
/// least 0.8; a cluster is what such pairs connect. Candidates come from MinHash bands, and each is
/// verified on the sets themselves, so a pair is missed with a chance below 10⁻⁷ and never invented.
public enum NearDuplicates {
    public static let similarity = 0.8
    /// A text is compared with at most this many of those before it in one band: only text made to
    /// collide, or one template filled in by the hundred, comes near.
    static let bandReach = 256

    /// The cluster of each text, numbered from 0 by first appearance; a text without duplicates is
    /// a cluster of its own.
    ///
    /// - Complexity: O(bytes) for the signatures and O(texts log texts) for the bands, as long as
    ///   few texts collide.
    public static func clusters(of texts: [String]) -> [Int] {
        var sets = UnionFind(count: texts.count)
        let shingles = texts.map(Shingles.init)
        let distinct = joinEqual(shingles, &sets)
        let signatures = distinct.map { MinHash(shingles[$0]) }
        for band in 0..<MinHash.bandCount {
            let keys = signatures.map { $0.band(band) }
            let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
            var start = 0
            for at in order.indices where at > 0 {
                if keys[order[at]] != keys[order[at - 1]] { start = at }
                for earlier in max(start, at - bandReach)..<at {
                    let (a, b) = (order[earlier], order[at])
                    guard sets.root(distinct[a]) != sets.root(distinct[b]),
                        // Seven standard errors below the bar.
                        signatures[a].agreement(signatures[b]) > similarity - 0.25,
                        shingles[distinct[a]].jaccard(shingles[distinct[b]]) >= similarity
                    else { continue }
                    sets.join(distinct[a], distinct[b])
                }
            }
        }
        return sets.numbers()
    }

    /// Joins texts of equal runs; gives the first of each.
    private static func joinEqual(_ shingles: [Shingles], _ sets: inout UnionFind) -> [Int] {
        var first: [[UInt64]: Int] = [:]
        var distinct: [Int] = []
        for (i, set) in shingles.enumerated() {
            if let known = first[set.hashes] {
                sets.join(known, i)
            } else {
                first[set.hashes] = i
                distinct.append(i)
            }
        }
        return distinct
    }
}

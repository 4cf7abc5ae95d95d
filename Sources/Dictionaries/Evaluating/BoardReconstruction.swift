import LinearAlgebra

/// How much of a row's properties can be read off the latents that are active on it: a property is
/// predicted where any active latent makes it nearly sure.
///
/// Which latents those are is learnt on one set of rows (``LatentScan/precise``) and used on another.
///
/// - Source: Karvonen et al. 2024, equations 4 and 5. As printed, F1 is taken of every row, at the
///   row's best threshold, and averaged; their code counts over all rows and takes the best threshold.
public struct BoardReconstruction: Sendable {
    /// Counts at one threshold.
    public struct Counts: Sendable, Hashable {
        public var truePositives = 0
        public var predicted = 0
        public var holding = 0

        public var f1: Double {
            let all = predicted + holding
            return all > 0 ? 2 * Double(truePositives) / Double(all) : 0
        }

        static func += (a: inout Counts, b: Counts) {
            a.truePositives += b.truePositives
            a.predicted += b.predicted
            a.holding += b.holding
        }
    }

    /// Over all rows, for each threshold; after them one where every latent speaks for the highest
    /// threshold that it is above and has something to say at.
    ///
    /// The published code keeps that last way in the slot of the threshold 1.0, and leaves it out when
    /// it takes the best.
    public let pooled: [Counts]
    /// The same by group of rows, [groups][thresholds].
    let byGroup: [[Counts]]
    /// For each group the sum over its rows of the greatest F1 at any threshold, and how many rows
    /// count: those on which some property holds or is predicted.
    let rowSums: [(f1: Double, count: Int)]

    /// - Parameter properties: those that count, of the rows that the latents are of.
    public init(
        _ scan: LatentScan, _ table: LatentTable, _ truth: PropertyBits, properties: [Int],
        groups: [Int], groupCount: Int
    ) {
        let levels = scan.thresholds.shares.count
        let lists = PropertyLists(truth)
        var counted = BitSet(count: truth.count)
        for property in properties { counted.insert(property) }
        var byGroup = [[Counts]](
            repeating: [Counts](repeating: Counts(), count: levels + 1), count: groupCount)
        var rowSums = [(f1: Double, count: Int)](repeating: (0, 0), count: groupCount)
        let floors = (0..<table.latentCount).map(scan.thresholds.floors(of:))
        var reader = RowReader(scan, counted)
        for row in 0..<table.rowCount {
            reader.read(table, row, floors)
            var holds = BitSet(count: truth.count)
            for entry in lists.starts[row]..<lists.starts[row + 1] {
                holds.insert(Int(lists.properties[entry]))
            }
            holds.formIntersection(counted)
            let counts = reader.compare(with: holds)
            let group = groups[row]
            for level in 0...levels { byGroup[group][level] += counts[level] }
            if counts.dropLast().contains(where: { $0.predicted + $0.holding > 0 }) {
                rowSums[group].f1 += counts.dropLast().map(\.f1).max() ?? 0
                rowSums[group].count += 1
            }
        }
        self.byGroup = byGroup
        self.rowSums = rowSums
        pooled = (0...levels).map { level in
            byGroup.reduce(into: Counts()) { $0 += $1[level] }
        }
    }

    /// The threshold with the greatest F1 over all rows, as in the published code.
    public var bestThreshold: Int {
        pooled.dropLast().indices.reduce(0) { pooled[$1].f1 > pooled[$0].f1 ? $1 : $0 }
    }

    /// What one row's latents predict at each threshold.
    private struct RowReader {
        let scan: LatentScan
        let counted: BitSet
        let levels: Int
        private var predicted: [BitSet]

        init(_ scan: LatentScan, _ counted: BitSet) {
            self.scan = scan
            self.counted = counted
            levels = scan.thresholds.shares.count
            predicted = Array(
                repeating: BitSet(count: scan.propertyCount), count: levels + 1)
        }

        mutating func read(_ table: LatentTable, _ row: Int, _ floors: [[Float]]) {
            for level in 0...levels {
                for word in predicted[level].words.indices { predicted[level].words[word] = 0 }
            }
            for place in table.rowStarts[row]..<table.rowStarts[row + 1] {
                let latent = Int(table.latents[place])
                let above = ActivationThresholds.level(table.values[place], floors[latent])
                var highest: Int?
                for level in 0..<above {
                    let sure = scan.precise[level][latent]
                    guard sure.words.contains(where: { $0 != 0 }) else { continue }
                    predicted[level].formUnion(sure)
                    highest = level
                }
                if let highest { predicted[levels].formUnion(scan.precise[highest][latent]) }
            }
        }

        func compare(with holds: BitSet) -> [Counts] {
            predicted.map { set in
                var counts = Counts()
                for (word, value) in set.words.enumerated() {
                    let said = value & counted.words[word]
                    counts.predicted += said.nonzeroBitCount
                    counts.holding += holds.words[word].nonzeroBitCount
                    counts.truePositives += (said & holds.words[word]).nonzeroBitCount
                }
                return counts
            }
        }
    }
}

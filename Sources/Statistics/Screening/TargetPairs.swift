import LinearAlgebra

/// Blocks of rows drawn in proportion to how far their targets lie apart.
struct TargetPairs: Sendable {
    private let ranks: [Double]
    private let blockSize: Int
    private let widest: Double
    /// The mean observation of a feature without ties whose Spearman correlation is 1:
    /// 2n sd(v) √((n² − 1)/12) / Σ_{i<j} |vᵢ − vⱼ|, which is 1 without ties in the target either.
    let untiedFactor: Double
    private var generator: SeededGenerator
    private static let drawLimit = 1_000_000

    init(_ target: [Double], blockSize: Int, seed: UInt64) {
        let ranks = RankStatistics.midranks(target) ?? []
        self.ranks = ranks
        self.blockSize = blockSize
        generator = SeededGenerator(seed: seed, stream: 0x73_6372_6565)
        let n = Double(ranks.count)
        let mean = (n + 1) / 2
        let square = ranks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
        // Σ_{i<j} |vᵢ − vⱼ| from the sorted ranks: each is added as often as it is the greater.
        let distances = ranks.sorted().enumerated().reduce(0.0) { sum, item in
            sum + item.element * (2 * Double(item.offset) + 1 - n)
        }
        let spread = ((n * n - 1) / 12).squareRoot()
        untiedFactor = distances > 0 ? 2 * n * square.squareRoot() * spread / distances : 0
        let range = (ranks.max() ?? 0) - (ranks.min() ?? 0)
        let half = Double(blockSize / 2)
        widest = range * half * (Double(blockSize) - half)
    }

    /// Distinct rows; nil for a target that takes one value.
    mutating func nextBlock() -> [Int]? {
        guard widest > 0 else { return nil }
        for _ in 0..<Self.drawLimit {
            var rows: [Int] = []
            while rows.count < blockSize {
                let row = generator.below(ranks.count)
                if !rows.contains(row) { rows.append(row) }
            }
            if generator.unit() * widest < spread(rows) { return rows }
        }
        return nil
    }

    /// How well values order a block's rows by target, −1…1; ties say nothing either way.
    func observation(_ rows: [Int], _ values: [Double?]) -> Double {
        var sum = 0.0
        for (place, i) in rows.enumerated() {
            for j in rows.dropFirst(place + 1) {
                guard let a = values[i], let b = values[j], a != b else { continue }
                sum += a > b ? ranks[i] - ranks[j] : ranks[j] - ranks[i]
            }
        }
        return sum / spread(rows)
    }

    private func spread(_ rows: [Int]) -> Double {
        var sum = 0.0
        for (place, i) in rows.enumerated() {
            for j in rows.dropFirst(place + 1) { sum += abs(ranks[i] - ranks[j]) }
        }
        return sum
    }
}

/// How much ties take from the spread of a feature's midranks.
struct TieCount: Sendable {
    private(set) var count = 0
    private var counts: [Double: Int] = [:]
    /// Σ c³ − c over the distinct values, c being how often each came.
    private var ties = 0.0

    mutating func add(_ value: Double) {
        let before = Double(counts[value, default: 0])
        counts[value, default: 0] += 1
        count += 1
        ties += 3 * before * (before + 1)
    }

    /// The standard deviation of midranks as a share of that of untied ranks; its square is
    /// estimated without bias by the share of triples that are not all equal. 0 for fewer than
    /// three values.
    var factor: Double {
        guard count >= 3 else { return 0 }
        let n = Double(count)
        return max(0, 1 - ties / (n * n * n - n)).squareRoot()
    }
}

import LinearAlgebra
import Statistics

/// What a few latents tell of each property together, by logistic regression.
///
/// - Source: Gurnee et al. 2023, "Finding Neurons in a Haystack"; as in SAEBench the latents are those
///   whose mean differs most between rows with the property and without. There the classes are drawn
///   equal and accuracy is counted; here all rows are used, classes weigh the same, and balanced accuracy
///   is counted.
struct SparseProbing {
    /// For each property its latents, that which differs most first.
    let ranking: [[Int]]
    private let training: LatentTable
    private let truth: PropertyBits
    private let properties: [Int]

    static let rankedCount = 10

    /// - Parameter properties: those that are asked about.
    init(_ training: LatentTable, _ truth: PropertyBits, properties: [Int]) {
        self.training = training
        self.truth = truth
        self.properties = properties
        ranking = properties.map { property in
            let differences = Self.meanDifferences(training, truth.bits[property])
            return Array(
                differences.indices.sorted {
                    (abs(differences[$1]), $0) < (abs(differences[$0]), $1)
                }.prefix(Self.rankedCount))
        }
    }

    /// The mean activation on rows with a property less that on rows without.
    static func meanDifferences(_ table: LatentTable, _ holds: BitSet) -> [Double] {
        let with = Double(max(1, holds.population))
        let without = Double(max(1, table.rowCount - holds.population))
        return (0..<table.latentCount).map { latent in
            var sums = (with: 0.0, without: 0.0)
            for place in table.latentStarts[latent]..<table.latentStarts[latent + 1] {
                let value = Double(table.valuesByLatent[place])
                if holds[Int(table.rows[place])] {
                    sums.with += value
                } else {
                    sums.without += value
                }
            }
            return sums.with / with - sums.without / without
        }
    }

    /// A regression of one property on its first so many latents.
    func fit(_ number: Int, count: Int) throws(EvaluationError) -> LogisticRegression {
        let holds = truth.bits[properties[number]]
        let with = Double(holds.population)
        let total = Double(training.rowCount)
        let columns = Self.columns(training, Array(ranking[number].prefix(count)))
        let target = (0..<training.rowCount).map { holds[$0] ? 1.0 : 0 }
        let weights = target.map { $0 == 1 ? total / 2 / with : total / 2 / (total - with) }
        var reason = ""
        // Latents that are nearly the same leave a small penalty nothing to settle on.
        for penalty in [1.0, 10, 100] {
            do throws(RegressionError) {
                return try LogisticRegression(
                    columns: columns, target: target, penalty: penalty, weights: weights,
                    standardised: false)
            } catch {
                reason = "\(error)"
            }
        }
        throw .unfitted(property: truth.names[properties[number]], reason: reason)
    }

    static func columns(_ table: LatentTable, _ latents: [Int]) -> ColumnMatrix {
        var columns = ColumnMatrix(rows: table.rowCount, columns: latents.count)
        for (column, latent) in latents.enumerated() {
            for place in table.latentStarts[latent]..<table.latentStarts[latent + 1] {
                columns[Int(table.rows[place]), column] = Double(table.valuesByLatent[place])
            }
        }
        return columns
    }

    /// Balanced accuracies on other rows, counted by group.
    func accuracy(
        count: Int, on test: LatentTable, _ rows: EvaluationRows
    ) throws(EvaluationError) -> GroupedAccuracies {
        var result = GroupedAccuracies(count: properties.count, groupCount: rows.groupCount)
        for (number, property) in properties.enumerated() {
            let fitted = try fit(number, count: count)
            let odds = fitted.logOdds(
                Self.columns(test, Array(ranking[number].prefix(count))))
            for (row, value) in odds.enumerated() {
                result.add(
                    number, group: rows.groups[row], says: value > 0,
                    holds: rows.properties.bits[property][row])
            }
        }
        return result
    }

    /// The latents that stand for a property: as many as each raise F1 on the rows that they were chosen
    /// on by more than ``splitGain``.
    ///
    /// - Source: Chanin et al. 2024, "A is for Absorption", with SAEBench's threshold.
    func mainLatents(_ number: Int) throws(EvaluationError) -> [Int] {
        let holds = truth.bits[properties[number]]
        var best = -1.0
        for count in 1...ranking[number].count {
            let fitted = try fit(number, count: count)
            let odds = fitted.logOdds(
                Self.columns(training, Array(ranking[number].prefix(count))))
            var (hits, said) = (0, 0)
            for (row, value) in odds.enumerated() where value > 0 {
                said += 1
                hits += holds[row] ? 1 : 0
            }
            let f1 = 2 * Double(hits) / Double(max(1, said + holds.population))
            guard f1 > best + Self.splitGain else {
                return Array(ranking[number].prefix(count - 1))
            }
            best = f1
        }
        return ranking[number]
    }

    private static let splitGain = 0.03
}

/// Right answers among rows with a property and among those without, counted by group.
struct GroupedAccuracies {
    /// For each property: rows with it, right ones of them, rows without, right ones of them.
    private(set) var groups: [[Double]]

    init(count: Int, groupCount: Int) {
        groups = Array(repeating: Array(repeating: 0, count: 4 * count), count: groupCount)
    }

    mutating func add(_ number: Int, group: Int, says: Bool, holds: Bool) {
        groups[group][4 * number + (holds ? 0 : 2)] += 1
        if says == holds { groups[group][4 * number + (holds ? 1 : 3)] += 1 }
    }

    /// The mean over properties of the mean of both rates; a property without rows of one kind counts
    /// what the other gives.
    static func mean(_ sums: [Double]) -> Double? {
        guard !sums.isEmpty else { return nil }
        let count = sums.count / 4
        return (0..<count).reduce(0.0) { total, n in
            total + balanced(sums[4 * n], sums[4 * n + 1], sums[4 * n + 2], sums[4 * n + 3])
        } / Double(count)
    }

    static func balanced(
        _ with: Double, _ rightWith: Double, _ without: Double, _ rightWithout: Double
    ) -> Double {
        switch (with > 0, without > 0) {
        case (true, true): (rightWith / with + rightWithout / without) / 2
        case (true, false): rightWith / with
        default: without > 0 ? rightWithout / without : 0
        }
    }
}

import LinearAlgebra

/// Whether the latents of one property can be taken away without harm to the others.
///
/// For each property, the latents with the greatest |difference of means · decoder row · probe| are
/// chosen on the training rows. Taking them from a test row, x − Σ f d, changes what the probes say; counted
/// is by how much the property's own probe loses balanced accuracy, less what the others lose in the mean.
///
/// - Source: Karvonen et al. 2024, "Evaluating Sparse Autoencoders on Targeted Concept Erasure Tasks", as in
///   SAEBench's TPP, whose classes are of equal size and whose probes see pooled texts.
struct TargetedPerturbation {
    /// For each group: of each property rows with it, right ones, rows without, right ones; then for each
    /// pair of a property that is taken away and one that is asked, the right ones with and without.
    private(set) var groups: [[Double]]
    private let count: Int

    /// - Parameters:
    ///   - effects: of each latent on each property's log odds, decoder row · probe, [F × properties].
    ///   - odds: log odds of the test rows, [rows × properties].
    init(
        training: LatentTable, trainingTruth: PropertyBits, test: LatentTable, rows: EvaluationRows,
        properties: [Int], effects: Matrix, odds: Matrix, latents chosen: Int
    ) {
        count = properties.count
        groups = Array(
            repeating: Array(repeating: 0, count: 4 * count + 2 * count * count),
            count: rows.groupCount)
        var members = [[Int]](repeating: [], count: test.latentCount)
        for (number, property) in properties.enumerated() {
            let differences = SparseProbing.meanDifferences(
                training, trainingTruth.bits[property])
            let strengths = differences.indices.map {
                abs(differences[$0] * Double(effects[$0, number]))
            }
            let best = strengths.indices.filter { strengths[$0] > 0 }.sorted {
                (strengths[$1], $0) < (strengths[$0], $1)
            }
            for latent in best.prefix(chosen) { members[latent].append(number) }
        }
        var changed = [Float](repeating: 0, count: count * count)
        for row in 0..<test.rowCount {
            for place in changed.indices { changed[place] = 0 }
            for entry in test.rowStarts[row]..<test.rowStarts[row + 1] {
                let latent = Int(test.latents[entry])
                for number in members[latent] {
                    for asked in 0..<count {
                        changed[number * count + asked] +=
                            test.values[entry] * effects[latent, asked]
                    }
                }
            }
            let holds = properties.map { rows.properties.bits[$0][row] }
            add(odds.row(row), changed, holds, group: rows.groups[row])
        }
    }

    private mutating func add(
        _ odds: ArraySlice<Float>, _ changed: [Float], _ holds: [Bool], group: Int
    ) {
        let first = odds.startIndex
        for asked in 0..<count {
            let side = holds[asked] ? 0 : 1
            groups[group][4 * asked + 2 * side] += 1
            if (odds[first + asked] > 0) == holds[asked] {
                groups[group][4 * asked + 2 * side + 1] += 1
            }
            for taken in 0..<count {
                let left = odds[first + asked] - changed[taken * count + asked]
                guard (left > 0) == holds[asked] else { continue }
                groups[group][4 * count + 2 * (taken * count + asked) + side] += 1
            }
        }
    }

    /// The mean over properties of the own loss less the mean loss of the others.
    func score(_ sums: [Double]) -> Double? {
        guard count > 1 else { return nil }
        let before = (0..<count).map { asked in
            GroupedAccuracies.balanced(
                sums[4 * asked], sums[4 * asked + 1], sums[4 * asked + 2], sums[4 * asked + 3])
        }
        var total = 0.0
        for taken in 0..<count {
            var (own, others) = (0.0, 0.0)
            for asked in 0..<count {
                let place = 4 * count + 2 * (taken * count + asked)
                let after = GroupedAccuracies.balanced(
                    sums[4 * asked], sums[place], sums[4 * asked + 2], sums[place + 1])
                if asked == taken {
                    own = before[asked] - after
                } else {
                    others += before[asked] - after
                }
            }
            total += own - others / Double(count - 1)
        }
        return total / Double(count)
    }
}

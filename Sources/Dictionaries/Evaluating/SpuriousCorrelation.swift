import LinearAlgebra
import Statistics

/// Whether taking away a few latents frees a probe from a correlation that it should not use.
///
/// A probe of the target is fitted on training rows on which target and spurious property agree, so that
/// it may go by either. The latents that matter most to a probe of the spurious property are taken away,
/// x − Σ f d, and the target's probe is asked again, on test rows whose four cases count the same:
///
///     (accuracy without the latents − accuracy) / (accuracy of a probe fitted on all rows − accuracy)
///
/// - Source: Karvonen et al. 2024, "Evaluating Sparse Autoencoders on Targeted Concept Erasure Tasks", as in
///   SAEBench's SCR, whose probes see pooled texts and are fitted by gradient steps.
struct SpuriousCorrelation {
    /// For each group: of each case rows, then right ones of the probe, of the same without the latents,
    /// and of the probe of all rows.
    private(set) var groups: [[Double]]

    /// - Parameters:
    ///   - decoder: what an activation of 1 adds, [F × d].
    /// - Throws: ``EvaluationError`` if there are no such properties or too few rows of a case.
    init(
        _ pair: SpuriousPair, training: EvaluationRows, trainingTable: LatentTable,
        test: EvaluationRows,
        testTable: LatentTable, decoder: Matrix, latents chosen: Int, threads: Int
    ) throws(EvaluationError) {
        let names = training.properties.names
        var places: [Int] = []
        for name in [pair.target, pair.spurious] {
            guard let place = names.firstIndex(of: name) else {
                throw .unknownProperty(name: name, known: Array(names.prefix(12)))
            }
            places.append(place)
        }
        let (target, spurious) = (
            training.properties.bits[places[0]], training.properties.bits[places[1]]
        )
        let agreeing = (0..<training.count).filter { target[$0] == spurious[$0] }
        for (part, count) in Self.caseCounts(training, places) + Self.caseCounts(test, places)
        where count < 2 {
            throw .tooFew(what: "rows with \(part)", found: count, least: 2)
        }
        let both = training.properties.taking(places)
        let clean = LinearProbe(training.values, both, threads: threads)
        let biased = LinearProbe(
            training.values.taking(agreeing), both.taking([0]).reordered(agreeing),
            threads: threads)
        let best = Self.latents(
            trainingTable, spurious, clean.taking([1]), decoder, count: chosen, threads: threads)
        let effects = RowProduct.product(
            decoder, PackedMatrix(biased.weights), threads: threads)
        groups = Array(repeating: Array(repeating: 0, count: 16), count: test.groupCount)
        let odds = biased.logOdds(test.values, threads: threads)
        let others = clean.logOdds(test.values, threads: threads)
        for row in 0..<test.count {
            var left = odds[row, 0]
            for entry in testTable.rowStarts[row]..<testTable.rowStarts[row + 1] {
                let latent = Int(testTable.latents[entry])
                if best.contains(latent) { left -= testTable.values[entry] * effects[latent, 0] }
            }
            let holds = test.properties.bits[places[0]][row]
            let cell = (holds ? 2 : 0) + (test.properties.bits[places[1]][row] ? 1 : 0)
            groups[test.groups[row]][4 * cell] += 1
            for (place, value) in [odds[row, 0], left, others[row, 0]].enumerated()
            where (value > 0) == holds {
                groups[test.groups[row]][4 * cell + 1 + place] += 1
            }
        }
    }

    private static func caseCounts(
        _ rows: EvaluationRows, _ places: [Int]
    ) -> [(String, Int)] {
        var counts = [0, 0, 0, 0]
        let (target, spurious) = (rows.properties.bits[places[0]], rows.properties.bits[places[1]])
        for row in 0..<rows.count { counts[(target[row] ? 2 : 0) + (spurious[row] ? 1 : 0)] += 1 }
        return counts.enumerated().map { place, count in
            ("target \(place / 2) and spurious property \(place % 2)", count)
        }
    }

    private static func latents(
        _ table: LatentTable, _ spurious: BitSet, _ probe: LinearProbe, _ decoder: Matrix,
        count: Int, threads: Int
    ) -> Set<Int> {
        let effects = RowProduct.product(decoder, PackedMatrix(probe.weights), threads: threads)
        let strengths = SparseProbing.meanDifferences(table, spurious).enumerated().map {
            abs($1 * Double(effects[$0, 0]))
        }
        return Set(
            strengths.indices.filter { strengths[$0] > 0 }
                .sorted { (strengths[$1], $0) < (strengths[$0], $1) }.prefix(count))
    }

    /// The share of what the correlation costs that is won back; nil where it costs nothing.
    static func score(_ sums: [Double]) -> Double? {
        func accuracy(_ place: Int) -> Double {
            (0..<4).reduce(0.0) { total, cell in
                let count = sums[4 * cell]
                return total + (count > 0 ? sums[4 * cell + place] / count : 0) / 4
            }
        }
        let cost = accuracy(3) - accuracy(1)
        return cost > 0 ? (accuracy(2) - accuracy(1)) / cost : nil
    }
}

/// A property that a probe is to find and one that it might go by instead, by name.
public struct SpuriousPair: Sendable, Hashable {
    public let target: String
    public let spurious: String

    public init(target: String, spurious: String) {
        self.target = target
        self.spurious = spurious
    }
}

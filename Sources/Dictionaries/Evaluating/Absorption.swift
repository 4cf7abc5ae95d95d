import LinearAlgebra

/// How often a property's own latents stay silent where it holds, because another latent speaks for it.
///
/// Counted are test rows on which the property holds and the probe finds it. Such a row is absorbed if all
/// main latents are below 10⁻⁸ while another latent, whose decoder row has a cosine of at least 0.025
/// with the probe, supplies at least 0.4 of the row's projection on it.
///
/// - Source: Chanin et al. 2024, "A is for Absorption", full absorption with SAEBench's thresholds. There
///   the properties are first letters; here they are whatever the catalogue has.
struct Absorption {
    /// For each group: of each property the absorbed rows, and those counted.
    private(set) var groups: [[Double]]

    private static let silent: Float = 1e-8
    private static let leastCosine: Float = 0.025
    private static let leastShare: Float = 0.4

    /// - Parameters:
    ///   - main: the latents that stand for each property.
    ///   - effects: decoder row · probe, [F × properties].
    ///   - cosines: of decoder rows with the probes, [F × properties].
    ///   - projections: x · probe of the test rows, without the bias, [rows × properties].
    ///   - odds: the same with the bias.
    init(
        test: LatentTable, rows: EvaluationRows, properties: [Int], main: [[Int]], effects: Matrix,
        cosines: Matrix, projections: Matrix, odds: Matrix
    ) {
        groups = Array(
            repeating: Array(repeating: 0, count: 2 * properties.count), count: rows.groupCount)
        for (number, property) in properties.enumerated() {
            let own = Set(main[number])
            rows.properties.bits[property].forEach { row in
                guard odds[row, number] > 0 else { return }
                groups[rows.groups[row]][2 * number + 1] += 1
                var isSilent = true
                var isSupplied = false
                for entry in test.rowStarts[row]..<test.rowStarts[row + 1] {
                    let latent = Int(test.latents[entry])
                    if own.contains(latent) {
                        if test.values[entry] >= Self.silent { isSilent = false }
                        continue
                    }
                    let part = test.values[entry] * effects[latent, number]
                    let whole = projections[row, number]
                    if cosines[latent, number] >= Self.leastCosine, whole > 0,
                        part >= Self.leastShare * whole
                    {
                        isSupplied = true
                    }
                }
                if isSilent, isSupplied { groups[rows.groups[row]][2 * number] += 1 }
            }
        }
    }

    /// The mean over properties, of those that are found on some row, of the absorbed share.
    static func rate(_ sums: [Double]) -> Double? {
        let shares = stride(from: 0, to: sums.count, by: 2).compactMap {
            sums[$0 + 1] > 0 ? sums[$0] / sums[$0 + 1] : nil
        }
        return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
    }
}

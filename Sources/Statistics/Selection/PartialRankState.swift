import Foundation

/// Candidates judged by cross-fitted partial rank correlation.
struct PartialRankState: SelectionState {
    private let products: FoldProducts
    private var residuals: PartialResiduals
    /// The group of each of the table's rows, from 0.
    private let groups: [Int]
    private let confidence: Double
    private let startSquare: Double
    private var taken: Set<Int> = []

    /// With all controls chosen.
    ///
    /// - Parameter groups: the group of each of the table's rows.
    init(
        _ products: FoldProducts, _ target: TargetProducts, groups: [Int], confidence: Double
    ) {
        self.products = products
        self.confidence = confidence
        var numbers: [Int: Int] = [:]
        self.groups = groups.map { group in
            let number = numbers[group] ?? numbers.count
            numbers[group] = number
            return number
        }
        residuals = PartialResiduals(products, target)
        startSquare = residuals.targetSquare
        for control in products.controlColumns { residuals.choose(control) }
    }

    /// The share of the target's variance that the set explains out of fold.
    var merit: Double { startSquare > 0 ? 1 - residuals.targetSquare / startSquare : 0 }

    func contenders() -> [SelectionPath.Contender] {
        let first = products.candidates.lowerBound
        return products.candidates.compactMap { column -> SelectionPath.Contender? in
            guard !taken.contains(column - first), residuals.isUsable(column),
                let correlation = residuals.correlation(column)
            else { return nil }
            return SelectionPath.Contender(
                feature: column - first, gain: abs(correlation), correlation: correlation)
        }.sorted { ($1.gain, $0.feature) < ($0.gain, $1.feature) }
    }

    /// The best of m independent noise features stays below z σ with the asked confidence where
    /// (2Φ(z) − 1)^m equals it. σ is what the probes show, or the contender's own standard error
    /// over groups where that is larger: shuffled rows do not know that rows of a group agree.
    func noise(
        _ contender: SelectionPath.Contender, among count: Int
    ) -> (bar: Double, standardError: Double?) {
        let tail = -expm1(log(confidence) / Double(count)) / 2
        let z = -NormalDistribution.quantile(tail)
        let error = standardError(contender)
        return (z * max(probeSpread(), error), error)
    }

    func taking(_ candidate: Int) -> PartialRankState {
        var next = self
        next.residuals.choose(products.candidates.lowerBound + candidate)
        next.taken.insert(candidate)
        return next
    }

    /// The root mean square of the probes' correlations; 1/√n where there are none.
    private func probeSpread() -> Double {
        let correlations = (products.core..<products.width).compactMap {
            residuals.isUsable($0) ? residuals.correlation($0) : nil
        }
        guard !correlations.isEmpty else {
            return 1 / Double(max(1, products.table.rows)).squareRoot()
        }
        let square = correlations.reduce(0) { $0 + $1 * $1 }
        return (square / Double(correlations.count)).squareRoot()
    }

    /// The standard error of the correlation r of the rests u and v, by the influence of each
    /// group of rows: with both scaled to mean 0 and mean square 1,
    ///
    ///     SE² = Σ_g (Σ_{i ∈ g} uᵢ vᵢ − r (uᵢ² + vᵢ²)/2)² / n².
    ///
    /// - Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 21.
    private func standardError(_ contender: SelectionPath.Contender) -> Double {
        let u = scaled(residuals.targetRest)
        let v = scaled(residuals.rest(of: products.candidates.lowerBound + contender.feature))
        var sums = [Double](repeating: 0, count: (groups.max() ?? -1) + 1)
        for (i, group) in groups.enumerated() {
            sums[group] += u[i] * v[i] - contender.correlation * (u[i] * u[i] + v[i] * v[i]) / 2
        }
        return InnerProducts.dot(sums, sums).squareRoot() / Double(groups.count)
    }

    private func scaled(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(values.count)
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        let scale = square > 0 ? 1 / square.squareRoot() : 0
        return values.map { ($0 - mean) * scale }
    }
}

import Foundation

/// The likelihood of intercept, coefficients and log φ, in this order.
///
/// With α = μφ and β = (1 − μ)φ a row adds, up to a constant,
///
///     Σ_{j<k} log(α + j) + Σ_{j<n−k} log(β + j) − Σ_{j<n} log(φ + j),
///
/// which stays exact where φ is large and the logarithms of gamma functions would cancel.
struct BetaBinomialLikelihood {
    let products: WeightedProducts
    let successes: [Double]
    let trials: [Double]
    let penalties: [Double]

    /// log φ of the highest likelihood on a coarse grid; nil where the likelihood still rises
    /// towards binomial data.
    func startingPrecision(at place: [Double]) -> Double? {
        let grid = stride(from: -4.0, through: BetaBinomialRegression.binomialPrecision, by: 1)
        let values = grid.map { precision in
            (precision, evaluate(place + [precision])?.value ?? .infinity)
        }
        guard let best = values.min(by: { $0.1 < $1.1 }),
            best.0 < BetaBinomialRegression.binomialPrecision
        else { return nil }
        return best.0
    }

    func evaluate(_ place: [Double]) -> NewtonMinimum.Point? {
        let size = products.order
        let logPrecision = place[size]
        guard abs(logPrecision) <= 30 else { return nil }
        let phi = exp(logPrecision)
        let odds = products.predictor(place.prefix(size))
        var sums = Sums(rows: odds.count)
        for (i, z) in odds.enumerated() {
            sums.add(row: i, odds: z, phi: phi, successes[i], trials[i])
        }
        var hessian = [Double](repeating: 0, count: (size + 1) * (size + 1))
        let squares = products.squares(sums.oddsCurves)
        let mixed = products.sums(sums.mixedCurves)
        for a in 0..<size {
            for b in 0..<size { hessian[a * (size + 1) + b] = squares[a * size + b] }
            hessian[a * (size + 1) + size] = mixed[a]
            hessian[size * (size + 1) + a] = mixed[a]
        }
        hessian[size * (size + 1) + size] = sums.precisionCurve
        var point = NewtonMinimum.Point(
            value: sums.value,
            gradient: products.sums(sums.oddsSlopes) + [sums.precisionSlope], hessian: hessian)
        point.add(penalties, at: place, from: 1)
        return point
    }

    /// Derivatives of −log likelihood by a row's log odds and by log φ.
    private struct Sums {
        var value = 0.0
        var oddsSlopes: [Double]
        var oddsCurves: [Double]
        var mixedCurves: [Double]
        var precisionSlope = 0.0
        var precisionCurve = 0.0

        init(rows: Int) {
            oddsSlopes = [Double](repeating: 0, count: rows)
            (oddsCurves, mixedCurves) = (oddsSlopes, oddsSlopes)
        }

        mutating func add(row: Int, odds: Double, phi: Double, _ k: Double, _ n: Double) {
            let (mu, nu) = (Logistic.chance(odds), Logistic.chance(-odds))
            let hits = RisingSum(from: mu * phi, count: Int(k))
            let misses = RisingSum(from: nu * phi, count: Int(n - k))
            let all = RisingSum(from: phi, count: Int(n))
            value -= hits.logs - all.logs + misses.logs
            let byMean = phi * (hits.inverses - misses.inverses)
            let byMeanTwice = -phi * phi * (hits.squares + misses.squares)
            let byPhi = mu * hits.inverses + nu * misses.inverses - all.inverses
            let byPhiTwice = all.squares - mu * mu * hits.squares - nu * nu * misses.squares
            let byBoth =
                hits.inverses - misses.inverses
                - phi * (mu * hits.squares - nu * misses.squares)
            let step = mu * nu
            oddsSlopes[row] = -byMean * step
            oddsCurves[row] = -(byMeanTwice * step * step + byMean * step * (nu - mu))
            mixedCurves[row] = -byBoth * step * phi
            precisionSlope -= byPhi * phi
            precisionCurve -= byPhiTwice * phi * phi + byPhi * phi
        }
    }
}

/// Σ log(x + j), Σ 1/(x + j) and Σ 1/(x + j)² over j < count.
struct RisingSum {
    private(set) var logs = 0.0
    private(set) var inverses = 0.0
    private(set) var squares = 0.0

    /// - Complexity: O(min(count, 256)): longer sums are differences of gamma functions.
    init(from x: Double, count: Int) {
        guard count > 256 else {
            // Products of a few factors need one logarithm.
            var product = 1.0
            for j in 0..<count {
                let term = x + Double(j)
                product *= term
                inverses += 1 / term
                squares += 1 / (term * term)
                if product > 1e200 || product < 1e-200 {
                    logs += log(product)
                    product = 1
                }
            }
            logs += log(product)
            return
        }
        let end = x + Double(count)
        logs = GammaFunctions.logGamma(end) - GammaFunctions.logGamma(x)
        inverses = GammaFunctions.digamma(end) - GammaFunctions.digamma(x)
        squares = GammaFunctions.trigamma(x) - GammaFunctions.trigamma(end)
    }
}

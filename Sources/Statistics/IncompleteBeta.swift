import Foundation

/// The regularised incomplete beta function I_x(a, b), the distribution function of Beta(a, b).
enum IncompleteBeta {
    /// I_x(a, b) for x in 0…1 and a, b > 0; nil when the continued fraction does not settle.
    ///
    /// - Complexity: O(√max(a, b)).
    /// - Source: DLMF 8.17.22, evaluated by Lentz's method (Press et al., "Numerical Recipes",
    ///   third edition, section 6.4).
    static func value(at x: Double, a: Double, b: Double) -> Double? {
        if x <= 0 || x >= 1 { return x <= 0 ? 0 : 1 }
        let front = exp(a * log(x) + b * log1p(-x) - logBeta(a, b))
        if x < (a + 1) / (a + b + 2) {
            return fraction(at: x, a: a, b: b).map { front * $0 / a }
        }
        return fraction(at: 1 - x, a: b, b: a).map { 1 - front * $0 / b }
    }

    /// The x with I_x(a, b) = p, by Newton's method kept inside a shrinking bracket.
    static func inverse(_ p: Double, a: Double, b: Double) -> Double? {
        if p <= 0 || p >= 1 { return p <= 0 ? 0 : 1 }
        let logBeta = logBeta(a, b)
        var (low, high) = (0.0, 1.0)
        var x = a / (a + b)
        for _ in 0..<200 {
            guard let reached = value(at: x, a: a, b: b) else { return nil }
            if reached < p { low = x } else { high = x }
            let density = exp((a - 1) * log(x) + (b - 1) * log1p(-x) - logBeta)
            let newton = x - (reached - p) / density
            let next = newton > low && newton < high ? newton : (low + high) / 2
            if abs(next - x) <= 4 * next.ulp { return next }
            x = next
        }
        return x
    }

    /// log B(a, b). For large arguments the leading terms of Stirling's series are cancelled by
    /// hand: the difference of the large logarithms would lose half of the digits.
    ///
    /// - Source: DiDonato and Morris, "Algorithm 708", ACM TOMS 18(3), 1992.
    private static func logBeta(_ a: Double, _ b: Double) -> Double {
        let (p, q) = (min(a, b), max(a, b))
        let share = p / (p + q)
        if p >= 10 {
            let rest = stirlingRest(p) + stirlingRest(q) - stirlingRest(p + q)
            let root = 0.5 * (log(2 * Double.pi) - log(q))
            let main = (p - 0.5) * log(share) + q * log1p(-share)
            return root + rest + main
        }
        if q >= 10 {
            let rest = stirlingRest(q) - stirlingRest(p + q)
            let main = p - p * log(p + q) + (q - 0.5) * log1p(-share)
            return GammaFunctions.logGamma(p) + rest + main
        }
        return GammaFunctions.logGamma(p) + GammaFunctions.logGamma(q)
            - GammaFunctions.logGamma(p + q)
    }

    /// log Γ(x) − ((x − ½) log x − x + ½ log 2π) for x ≥ 10 (DLMF 5.11.1).
    private static func stirlingRest(_ x: Double) -> Double {
        let divisors: [Double] = [12, -360, 1260, -1680, 1188, -360_360.0 / 691]
        let square = 1 / (x * x)
        let series = divisors.reversed().reduce(0.0) { sum, divisor in sum * square + 1 / divisor }
        return series / x
    }

    /// The continued fraction of DLMF 8.17.22.
    private static func fraction(at x: Double, a: Double, b: Double) -> Double? {
        func safe(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
        var c = 1.0
        var d = 1 / safe(1 - (a + b) * x / (a + 1))
        var result = d
        let stepLimit = 500 + 20 * Int(max(a, b).squareRoot())
        for step in 1...stepLimit {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            var change = 1.0
            for coefficient in [even, odd] {
                d = 1 / safe(1 + coefficient * d)
                c = safe(1 + coefficient / c)
                change = c * d
                result *= change
            }
            if abs(change - 1) < 1e-15 { return result }
        }
        return nil
    }
}

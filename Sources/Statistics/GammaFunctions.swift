import Foundation

/// The logarithm of the gamma function and its derivatives, for x > 0.
enum GammaFunctions {
    /// log Γ(x), without the C library's global sign.
    static func logGamma(_ x: Double) -> Double {
        var sign: Int32 = 0
        return lgamma_r(x, &sign)
    }

    /// ψ(x) = d/dx log Γ(x), by ψ(x) = ψ(x + 1) − 1/x up to 10 and the series of DLMF 5.11.2.
    static func digamma(_ x: Double) -> Double {
        var (x, shift) = (x, 0.0)
        while x < 10 {
            shift -= 1 / x
            x += 1
        }
        let square = 1 / (x * x)
        let divisors: [Double] = [12, -120, 252, -240, 132, -32_760.0 / 691, 12]
        let series = divisors.reversed().reduce(0.0) { sum, divisor in
            (sum + 1 / divisor) * square
        }
        return shift + log(x) - 0.5 / x - series
    }

    /// ψ′(x), likewise by DLMF 5.15.8.
    static func trigamma(_ x: Double) -> Double {
        var (x, shift) = (x, 0.0)
        while x < 12 {
            shift += 1 / (x * x)
            x += 1
        }
        let square = 1 / (x * x)
        let terms: [Double] = [
            1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6,
        ]
        let series = terms.reversed().reduce(0.0) { sum, term in (sum + term) * square }
        return shift + 1 / x + square / 2 + series / x
    }
}

import Foundation

/// A rotary position embedding: pair i of a head, columns i and i + count, turns by
/// position · frequencies[i] radians.
///
/// - Source: Su et al. 2021, arXiv 2104.09864; Hugging Face `modeling_rope_utils.py`.
public struct Rotary: Hashable, Sendable {
    /// Stretching of the frequencies for longer texts.
    public enum Scaling: Hashable, Sendable {
        case none
        /// All frequencies divided by `factor`.
        case linear(factor: Double)
        /// Wave lengths above original/low divided by `factor`, those below original/high kept,
        /// in between a mixture.
        case llama3(factor: Double, low: Double, high: Double, original: Double)
        /// Fast pairs kept, slow ones divided by a factor, in between a mixture.
        case yarn(YaRN)
        /// Each pair's frequency divided by a factor of its own.
        case longRope(factors: [Double])
    }

    /// The numbers of YaRN.
    ///
    /// - Source: Peng et al. 2023, arXiv 2309.00071.
    public struct YaRN: Hashable, Sendable {
        /// What slow pairs are divided by.
        public let factor: Double
        /// Turns over the original context above which a pair counts as fast.
        public let fast: Double
        /// Turns over the original context below which a pair counts as slow.
        public let slow: Double
        /// The original context, in tokens.
        public let original: Double
        /// Whether the bounds between fast and slow are rounded to whole pairs.
        public let truncates: Bool
    }

    /// Radians per position of each pair, computed in 32 bits as PyTorch does.
    public let frequencies: [Float]
    /// What cosines and sines are multiplied by, so that scores grow by its square.
    public let amplitude: Float
    /// How many of a head's columns are turned.
    public var width: Int { 2 * frequencies.count }

    /// - Precondition: `width` is even and above 0, `base` above 0, and there are as many factors as
    ///   pairs.
    public init(width: Int, base: Double, scaling: Scaling = .none, amplitude: Double = 1) {
        precondition(width > 0 && width % 2 == 0 && base > 0, "rotary of \(width), base \(base)")
        self.amplitude = Float(amplitude)
        frequencies = (0..<width / 2).map { pair in
            let plain = 1 / pow(base, Double(2 * pair) / Double(width))
            return Float(Self.scaled(plain, pair, width: width, base: base, scaling))
        }
    }

    private static func scaled(
        _ frequency: Double, _ pair: Int, width: Int, base: Double, _ scaling: Scaling
    ) -> Double {
        switch scaling {
        case .none: return frequency
        case .linear(let factor): return frequency / factor
        case .llama3(let factor, let low, let high, let original):
            let length = 2 * Double.pi / frequency
            if length > original / low { return frequency / factor }
            if length < original / high { return frequency }
            let share = (original / length - low) / (high - low)
            return (1 - share) * frequency / factor + share * frequency
        case .yarn(let yarn):
            let slowness = yarn.slowness(of: pair, width: width, base: base)
            return slowness * frequency / yarn.factor + (1 - slowness) * frequency
        case .longRope(let factors):
            precondition(factors.count == width / 2, "\(factors.count) factors of \(width / 2)")
            return frequency / factors[pair]
        }
    }

    /// Writes the angles' cosines and sines of one position, `frequencies.count` each.
    func fill(
        position: Int, cosines: UnsafeMutablePointer<Float>, sines: UnsafeMutablePointer<Float>
    ) {
        for (pair, frequency) in frequencies.enumerated() {
            let angle = Float(position) * frequency
            cosines[pair] = Float(cos(Double(angle))) * amplitude
            sines[pair] = Float(sin(Double(angle))) * amplitude
        }
    }
}

extension Rotary.YaRN {
    /// 0 for a fast pair, 1 for a slow one, rising in between.
    fileprivate func slowness(of pair: Int, width: Int, base: Double) -> Double {
        // Which pair makes so many turns over the original context, as a fraction.
        func pairTurning(_ turns: Double) -> Double {
            Double(width) * log(original / (turns * 2 * .pi)) / (2 * log(base))
        }
        var (first, last) = (pairTurning(fast), pairTurning(slow))
        if truncates { (first, last) = (first.rounded(.down), last.rounded(.up)) }
        (first, last) = (max(first, 0), min(last, Double(width - 1)))
        if first == last { last += 0.001 }
        return min(max((Double(pair) - first) / (last - first), 0), 1)
    }
}

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
    }

    /// Radians per position of each pair, computed in 32 bits as PyTorch does.
    public let frequencies: [Float]
    /// How many of a head's columns are turned.
    public var width: Int { 2 * frequencies.count }

    /// - Precondition: `width` is even and above 0, `base` above 0.
    public init(width: Int, base: Double, scaling: Scaling = .none) {
        precondition(width > 0 && width % 2 == 0 && base > 0, "rotary of \(width), base \(base)")
        frequencies = (0..<width / 2).map { pair in
            let plain = 1 / pow(base, Double(2 * pair) / Double(width))
            return Float(Self.scaled(plain, scaling))
        }
    }

    private static func scaled(_ frequency: Double, _ scaling: Scaling) -> Double {
        switch scaling {
        case .none: return frequency
        case .linear(let factor): return frequency / factor
        case .llama3(let factor, let low, let high, let original):
            let length = 2 * Double.pi / frequency
            if length > original / low { return frequency / factor }
            if length < original / high { return frequency }
            let share = (original / length - low) / (high - low)
            return (1 - share) * frequency / factor + share * frequency
        }
    }

    /// Writes the angles' cosines and sines of one position, `frequencies.count` each.
    func fill(
        position: Int, cosines: UnsafeMutablePointer<Float>, sines: UnsafeMutablePointer<Float>
    ) {
        for (pair, frequency) in frequencies.enumerated() {
            let angle = Float(position) * frequency
            cosines[pair] = Float(cos(Double(angle)))
            sines[pair] = Float(sin(Double(angle)))
        }
    }
}

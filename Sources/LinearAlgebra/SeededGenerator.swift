import Foundation

/// The one source of randomness: xoshiro256**, seeded through SplitMix64.
///
/// A value type that is passed explicitly: the same seed gives the same numbers on every machine
/// and in every order of scheduling. Independent streams come from ``init(seed:stream:)``, never
/// from sharing one generator between tasks.
///
/// - Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Hashable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    public init(seed: UInt64) {
        self.init(seed: seed, stream: 0)
    }

    /// - Parameter stream: which of the seed's independent streams, for instance a feature's number.
    public init(seed: UInt64, stream: UInt64) {
        var mix = seed ^ (stream &* 0xD1B5_4A32_D192_ED03)
        func next() -> UInt64 {
            mix &+= 0x9E37_79B9_7F4A_7C15
            var z = mix
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        state = (next(), next(), next(), next())
    }

    /// Goes on where the generator that ``words`` were taken from stood.
    ///
    /// - Parameter words: four, not all 0.
    public init?(words: [UInt64]) {
        guard words.count == 4, words.contains(where: { $0 != 0 }) else { return nil }
        state = (words[0], words[1], words[2], words[3])
    }

    /// All that decides the numbers to come, to be kept.
    public var words: [UInt64] { [state.0, state.1, state.2, state.3] }

    public mutating func next() -> UInt64 {
        let result = Self.rotate(state.1 &* 5, 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = Self.rotate(state.3, 45)
        return result
    }

    /// A whole number from 0 up to, not including, `bound`, without bias (Lemire 2019).
    ///
    /// - Precondition: `bound` is above 0.
    public mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "below(\(bound)): the bound must be above 0")
        return Int(next(upperBound: UInt64(bound)))
    }

    /// A number from 0 up to, not including, 1, with 53 random bits.
    public mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A standard normal number (Box and Muller 1958).
    public mutating func normal() -> Double {
        let radius = (-2 * log(1 - unit())).squareRoot()
        return radius * cos(2 * Double.pi * unit())
    }

    /// `count` distinct members of `0..<total` in random order (a partial Fisher–Yates shuffle).
    ///
    /// - Precondition: `0 ≤ count ≤ total`.
    public mutating func sample(_ count: Int, of total: Int) -> [Int] {
        precondition(count >= 0 && count <= total, "sample(\(count), of: \(total))")
        var all = Array(0..<total)
        for i in 0..<count { all.swapAt(i, i + below(total - i)) }
        return Array(all.prefix(count))
    }

    private static func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 {
        (x << k) | (x >> (64 - k))
    }

    public static func == (a: Self, b: Self) -> Bool { a.state == b.state }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(state.0)
        hasher.combine(state.1)
        hasher.combine(state.2)
        hasher.combine(state.3)
    }
}

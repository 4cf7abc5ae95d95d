/// The bins of activation histograms: equal steps of the logarithm, from 2⁻¹² to 2¹².
///
/// A step is one sixteenth of an octave, 4.4 %, piecewise linear within an octave, so that a bin is
/// read off the bits of a float. What lies outside counts in the first or last bin.
enum ActivationBins {
    static let count = 24 * 16
    /// Neighbouring bins that are one in the coarser histogram of tokens.
    static let coarseness = 4
    static let coarseCount = count / coarseness
    private static let shift: UInt32 = 23 - 4
    private static let lowest = Float(sign: .plus, exponent: -12, significand: 1)

    /// - Precondition: the value is above 0.
    @inline(__always)
    static func bin(_ value: Float) -> Int {
        let offset = Int(value.bitPattern >> shift) - Int(lowest.bitPattern >> shift)
        return max(0, min(count - 1, offset))
    }

    /// The least value of a bin; of one past the last the end of the range.
    static func lowerBound(_ bin: Int) -> Float {
        Float(bitPattern: (lowest.bitPattern >> shift &+ UInt32(bin)) << shift)
    }

    /// Where the distribution is cut into parts of equal weight.
    ///
    /// - Parameter counts: of each bin.
    /// - Returns: `parts` + 1 bins, ascending: part i is the bins from i up to, not including, i + 1.
    ///   Each inner cut is the first bin with at least its share before it.
    static func cuts(_ counts: UnsafeBufferPointer<UInt32>, parts: Int) -> [Int] {
        let total = counts.reduce(0) { $0 + Int($1) }
        var result = [0]
        var before = 0
        var bin = 0
        for part in 1..<max(1, parts) {
            while bin < counts.count, before * parts < part * total {
                before += Int(counts[bin])
                bin += 1
            }
            result.append(bin)
        }
        result.append(counts.count)
        return result
    }
}

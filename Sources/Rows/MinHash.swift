/// Signatures whose agreement estimates the Jaccard similarity of two sets.
///
/// - Source: Broder, "On the resemblance and containment of documents", 1997; banding after
///   Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", section 3.4.
struct MinHash {
    /// 128 hash functions in 32 bands of 4: two sets of similarity s share a band with chance
    /// 1 − (1 − s⁴)³², which is 1 − 5·10⁻⁸ at 0.8 and 0.3 % at 0.1.
    static let bandCount = 32
    static let laneCount = 16
    private static let blockCount = 128 / laneCount

    /// The least hash under each function, in blocks of lanes.
    private let blocks: [SIMD16<UInt32>]

    init(_ shingles: Shingles) {
        var blocks = [SIMD16<UInt32>](repeating: SIMD16(repeating: .max), count: Self.blockCount)
        for hash in shingles.hashes {
            let low = SIMD16<UInt32>(repeating: UInt32(truncatingIfNeeded: hash))
            let high = SIMD16<UInt32>(repeating: UInt32(truncatingIfNeeded: hash >> 32))
            for block in 0..<Self.blockCount {
                var value = (low ^ Self.masks[block]) &* Self.factors[block] &+ high
                value = (value ^ (value &>> 15)) &* 0x85EB_CA6B
                value ^= value &>> 13
                blocks[block] = pointwiseMin(blocks[block], value)
            }
        }
        self.blocks = blocks
    }

    /// What two sets share when they agree on a band's four functions.
    func band(_ band: Int) -> UInt64 {
        let lanes = blocks[band * 4 / Self.laneCount]
        let first = band * 4 % Self.laneCount
        return (first..<first + 4).reduce(UInt64(band)) { Shingles.mix($0 ^ UInt64(lanes[$1])) }
    }

    /// The share of functions on which two sets agree: an unbiased estimate of their similarity
    /// with a standard error of √(s(1 − s)/128).
    func agreement(_ other: MinHash) -> Double {
        var count = 0
        for block in 0..<Self.blockCount {
            let equal = blocks[block] .== other.blocks[block]
            for lane in 0..<Self.laneCount where equal[lane] { count += 1 }
        }
        return Double(count) / 128
    }

    private static let masks = constants(1) { $0 }
    private static let factors = constants(2) { $0 | 1 }

    private static func constants(
        _ seed: UInt64, _ make: (UInt32) -> UInt32
    ) -> [SIMD16<UInt32>] {
        (0..<blockCount).map { block in
            var lanes = SIMD16<UInt32>()
            for lane in 0..<laneCount {
                let place = seed << 32 | UInt64(block * laneCount + lane)
                lanes[lane] = make(UInt32(truncatingIfNeeded: Shingles.mix(place)))
            }
            return lanes
        }
    }
}

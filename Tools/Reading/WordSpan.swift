/// A word of a text, as a range of scalars.
struct WordSpan {
    let start: Int
    let end: Int
    /// Which sentence it stands in; phrases do not cross sentences.
    let sentence: Int
    let hash: UInt64

    static let hashSeed: UInt64 = 0xCBF2_9CE4_8422_2325

    /// One more scalar in a word's hash (Fowler–Noll–Vo 1a over scalars).
    @inline(__always)
    static func mix(_ hash: UInt64, _ scalar: UInt32) -> UInt64 {
        (hash ^ UInt64(scalar)) &* 0x0000_0100_0000_01B3
    }
}

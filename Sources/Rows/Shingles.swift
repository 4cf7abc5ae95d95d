/// The runs of five words that a text has, as sorted hashes without repeats.
///
/// A word is a run of ASCII letters and digits, in lower case, and of any bytes of other scripts;
/// marks, ASCII or general punctuation (U+2000–U+206F), separate words. A text of fewer words is
/// one run of them all; one without words is its bytes.
///
/// - Complexity: O(bytes + words log words).
struct Shingles {
    static let width = 5
    /// Sorted; never empty.
    let hashes: [UInt64]

    init(_ text: String) {
        var text = text
        hashes = text.withUTF8 { Self.hashes($0) }
    }

    /// |A ∩ B| ÷ |A ∪ B|.
    func jaccard(_ other: Shingles) -> Double {
        var (i, j, both) = (0, 0, 0)
        while i < hashes.count, j < other.hashes.count {
            if hashes[i] == other.hashes[j] {
                both += 1
                i += 1
                j += 1
            } else if hashes[i] < other.hashes[j] {
                i += 1
            } else {
                j += 1
            }
        }
        return Double(both) / Double(hashes.count + other.hashes.count - both)
    }

    private static func hashes(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt64] {
        let words = words(bytes)
        guard !words.isEmpty else {
            return [mix(bytes.reduce(offset) { ($0 ^ UInt64($1)) &* prime })]
        }
        let count = max(1, words.count - width + 1)
        var result: [UInt64] = []
        result.reserveCapacity(count)
        for start in 0..<count {
            let end = min(words.count, start + width)
            result.append(words[start..<end].reduce(0) { mix($0 &+ $1) })
        }
        result.sort()
        var kept = 0
        for hash in result where kept == 0 || hash != result[kept - 1] {
            result[kept] = hash
            kept += 1
        }
        result.removeLast(result.count - kept)
        return result
    }

    /// One hash a word (FNV-1a, 64 bits).
    private static func words(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt64] {
        var result: [UInt64] = []
        var hash = offset
        var isInside = false
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            let isMark = byte == 0xE2 && at + 2 < bytes.count && bytes[at + 1] & 0xFE == 0x80
            if !isMark, isWordByte(byte) {
                hash = (hash ^ UInt64(lowered(byte))) &* prime
                isInside = true
            } else if isInside {
                result.append(hash)
                hash = offset
                isInside = false
            }
            at += isMark ? 3 : 1
        }
        if isInside { result.append(hash) }
        return result
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...:
            true
        default: false
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private static let offset: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let prime: UInt64 = 0x0000_0100_0000_01B3
}
